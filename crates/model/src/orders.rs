//! What authorities direct when a duty is not met, and what comes of it (Act Arts 6, 7, 9, 10).

mod directive;

pub use directive::{
    Closing, Directive, DirectiveError, DirectiveFile, DirectiveState, NewDirective, Opening, Reply,
};
