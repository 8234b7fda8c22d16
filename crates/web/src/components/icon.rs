//! Line icons, drawn in the page so that they take its colour.

use std::fmt;

use askama::filters::HtmlSafe;

/// An icon; always beside words, so it is hidden from screen readers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    /// A tick in a circle.
    Done,
    /// An exclamation mark in an octagon.
    Error,
    /// An exclamation mark in a triangle.
    Warning,
    /// An i in a circle.
    Info,
    /// A clock.
    Clock,
    /// A flag: a target of one's own.
    Flag,
    /// A question mark in a circle.
    Question,
    /// A person.
    Person,
    /// A padlock: marked information.
    Lock,
    /// Two sheets.
    Copy,
    /// An empty circle: not begun.
    Empty,
    /// A pen: being written.
    Pen,
}

impl Icon {
    fn path(self) -> &'static str {
        match self {
            Self::Done => "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM8 12.5l3 3 5.5-6",
            Self::Error => "M8.3 3h7.4L21 8.3v7.4L15.7 21H8.3L3 15.7V8.3zM12 7.5v5.5M12 16.4v.2",
            Self::Warning => "M12 3.5 2.5 20h19zM12 10v5M12 17.4v.2",
            Self::Info => "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 11v6M12 7.5v.2",
            Self::Clock => "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5.2l3.5 2",
            Self::Flag => "M6 21V4M6 4h11l-2.5 4L17 12H6",
            Self::Question => {
                "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM9.5 9.5a2.5 2.5 0 1 1 3.5 2.3c-.7.3-1 .8-1 1.7M12 16.8v.2"
            }
            Self::Person => {
                "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4 20.5c.8-3.8 4-5.5 8-5.5s7.2 1.7 8 5.5"
            }
            Self::Lock => "M5.5 10.5h13V20h-13zM8.5 10.5V8a3.5 3.5 0 0 1 7 0v2.5",
            Self::Copy => "M8.5 8.5h11v11h-11zM15.5 8.5v-4h-11v11h4",
            Self::Empty => "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z",
            Self::Pen => "M4 20l1-4L16.5 4.5l3 3L8 19zM14 7l3 3",
        }
    }
}

impl fmt::Display for Icon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "<svg class=\"icon\" viewBox=\"0 0 24 24\" width=\"20\" height=\"20\" \
             aria-hidden=\"true\" focusable=\"false\"><path fill=\"none\" \
             stroke=\"currentColor\" stroke-width=\"2\" stroke-linecap=\"round\" \
             stroke-linejoin=\"round\" d=\"{}\"/></svg>",
            self.path()
        )
    }
}

impl HtmlSafe for Icon {}
