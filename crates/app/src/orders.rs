//! Orders, opinions, demands and guidance (Act Arts 6, 7, 9, 10): issued by an authority, opened and answered by its
//! addressee, ended by the authority.

mod close;
mod issue;
mod reply;
mod view;

pub use close::ClosingInput;
pub use issue::{DirectiveInput, DirectivePreview, DirectiveTarget};
pub use reply::ReplyInput;
pub(crate) use view::directive_resource;
pub use view::{
    DirectiveAllowed, DirectiveItem, DirectiveList, DirectiveListCursor, DirectiveListFilter,
    DirectiveView, LinkedFiling,
};
