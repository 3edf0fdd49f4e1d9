//! What common words in a code mean, whoever says them: `src/words.json`.

use crate::failure::Kind;
use crate::text::{find, head};

// Made by `src/dialects/build.rs`: `CLASSES`, and as `WORDS` for each letter the words that begin with it, one space
// apart: the letter of the class, `A` for the first, and the word; `^` and `$` stand for the ends of a code.
include!(concat!(env!("OUT_DIR"), "/words.rs"));

/// What the words in a code say.
#[derive(Clone, Copy, Default)]
pub(crate) struct Words {
    pub(crate) kind: Option<Kind>,
    pub(crate) transient: Option<bool>,
    /// Not worth sending again unless the server says when.
    pub(crate) until_told: bool,
}

/// What the words of a class say.
#[derive(Clone, Copy)]
enum Says {
    /// The status decides.
    Nothing,
    Kind(Kind),
    /// The same, only where the status says little.
    Weak(Kind),
    Transient(bool),
    UntilTold,
}

/// The words of a code. `is_vague`: the status says little, as 200 and 400 do.
pub(crate) fn look_up(code: &str, is_vague: bool) -> Words {
    let mut words = Words::default();
    let mut is_decided = false;
    let found = classes(code);
    for (class, says) in CLASSES.iter().enumerate() {
        if found >> class & 1 == 0 {
            continue;
        }
        match *says {
            Says::Transient(transient) => words.transient = Some(transient),
            Says::UntilTold => words.until_told = true,
            _ if is_decided => {}
            Says::Nothing => is_decided = true,
            Says::Weak(_) if !is_vague => {}
            Says::Kind(kind) | Says::Weak(kind) => {
                words.kind = Some(kind);
                is_decided = true;
            }
        }
    }
    words
}

/// One bit for each class of which there is a word in a code.
fn classes(code: &str) -> u32 {
    let mut found = 0;
    // A link names a page, not a condition.
    if find(code, "/").is_some() {
        return found;
    }
    let mut squashed = Vec::new();
    for byte in code.bytes() {
        if byte.is_ascii_alphanumeric() {
            squashed.push(byte.to_ascii_lowercase());
        }
    }
    let mut rest = squashed.as_slice();
    while let [first, others @ ..] = rest {
        let mut words = WORDS.get(usize::from(first.wrapping_sub(b'a'))).copied();
        while let Some(list) = words {
            let (word, more) = head(list, b' ');
            words = more;
            let [class, pattern @ ..] = word.as_bytes() else { break };
            let (text, at_start) = match pattern {
                [b'^', text @ ..] => (text, true),
                text => (text, false),
            };
            let (text, at_end) = match text {
                [text @ .., b'$'] => (text, true),
                text => (text, false),
            };
            let is_outside = (at_start && rest.len() < squashed.len()) || (at_end && rest.len() > text.len());
            if rest.starts_with(text) && !is_outside {
                found |= 1 << (class - b'A');
            }
        }
        rest = others;
    }
    found
}
