//! What every reader gives, and how to point into it.

use std::borrow::Cow;

use crate::delay::decimal::{digits, thousandths};
use crate::text::{cut, head, matches};

/// A value in a body or a document. Numbers keep their text; members keep their order.
#[derive(Clone, Debug)]
pub(crate) enum Tree<'a> {
    Null,
    Bool(bool),
    Number(Cow<'a, str>),
    Text(Cow<'a, str>),
    List(Vec<Self>),
    Map(Vec<(Cow<'a, str>, Self)>),
}

impl<'a> Tree<'a> {
    /// The member of that name; of duplicates the last, as in `JSON.parse`.
    pub(crate) fn member(&self, name: &str) -> Option<&Self> {
        let found = self.as_map().iter().rev().find(|(key, _)| key == name);
        found.map(|(_, value)| value)
    }

    /// What a JSON Pointer (RFC 6901) leads to. Beyond the RFC, a segment `[k=v]` stands for the first
    /// element of a list whose member `k` is the text or number `v`, which may begin or end with `*`.
    pub(crate) fn at(&self, pointer: &str) -> Option<&Self> {
        let mut found = self;
        let mut rest = if pointer.is_empty() { None } else { Some(pointer.strip_prefix('/')?) };
        while let Some(segments) = rest {
            let (segment, others) = head(segments, b'/');
            found = found.step(segment)?;
            rest = others;
        }
        Some(found)
    }

    fn step(&self, segment: &str) -> Option<&Self> {
        let Self::List(items) = self else {
            return self.member(&unescaped(segment));
        };
        if let Some(selector) = segment.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            let (key, pattern) = cut(selector, b'=')?;
            let fits = |text: &str| matches(&unescaped(pattern), text);
            return items.iter().find(|item| item.member(key).and_then(Self::scalar).is_some_and(fits));
        }
        // No leading zero (RFC 6901 section 4).
        let canonical = segment == "0" || !segment.starts_with('0');
        let index = digits(segment).filter(|_| canonical)?;
        items.get(usize::try_from(index).ok()?)
    }

    /// The text of a string or number.
    pub(crate) fn scalar(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::Number(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The items; none of anything but a list.
    pub(crate) fn as_list(&self) -> &[Self] {
        match self {
            Self::List(items) => items,
            _ => &[],
        }
    }

    /// The members; none of anything but an object.
    pub(crate) fn as_map(&self) -> &[(Cow<'a, str>, Self)] {
        match self {
            Self::Map(members) => members,
            _ => &[],
        }
    }

    /// A number that is not negative, times 1000.
    pub(crate) fn thousandths(&self) -> Option<u64> {
        match self {
            Self::Number(number) => thousandths(number),
            _ => None,
        }
    }

    pub(crate) fn whole(&self) -> Option<u32> {
        u32::try_from(self.thousandths()? / 1000).ok()
    }

    /// A member that is a string.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.member(name)?.as_text()
    }

    /// A member that is a list; an absent one is empty.
    pub(crate) fn list(&self, name: &str) -> &[Self] {
        self.member(name).map_or(&[], Self::as_list)
    }

    /// A member that is a truth value.
    pub(crate) fn truth(&self, name: &str) -> Option<bool> {
        match self.member(name) {
            Some(Self::Bool(truth)) => Some(*truth),
            _ => None,
        }
    }

    /// A member that is a whole number.
    pub(crate) fn whole_member(&self, name: &str) -> Option<u32> {
        self.member(name)?.whole()
    }

    /// The same tree, independent of the text that it was read from.
    pub(crate) fn into_owned(self) -> Tree<'static> {
        let owned = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        match self {
            Self::Null => Tree::Null,
            Self::Bool(truth) => Tree::Bool(truth),
            Self::Number(number) => Tree::Number(owned(number)),
            Self::Text(text) => Tree::Text(owned(text)),
            Self::List(items) => Tree::List(items.into_iter().map(Tree::into_owned).collect()),
            Self::Map(members) => {
                Tree::Map(members.into_iter().map(|(key, value)| (owned(key), value.into_owned())).collect())
            }
        }
    }
}

/// `~1` is `/` and `~0` is `~` (RFC 6901 section 4).
fn unescaped(segment: &str) -> Cow<'_, str> {
    let Some((name, mut rest)) = cut(segment, b'~') else { return Cow::Borrowed(segment) };
    let mut name = name.to_owned();
    loop {
        let (piece, others) = head(rest, b'~');
        let (c, text) = match (piece.strip_prefix('1'), piece.strip_prefix('0')) {
            (Some(text), _) => ('/', text),
            (_, Some(text)) => ('~', text),
            _ => ('~', piece),
        };
        name.push(c);
        name.push_str(text);
        match others {
            Some(others) => rest = others,
            None => return Cow::Owned(name),
        }
    }
}
