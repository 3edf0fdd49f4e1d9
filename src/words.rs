//! What common words in a code mean, whoever says them: `src/words.json`.

use crate::failure::Kind;
use crate::text::find;

// Made by `src/dialects/build.rs`: `CLASSES`, and as `WORDS` for each letter the words that begin with it, each after three
// letters: the class, `A` for the first; how it is bound, `^` to the start of a code, `$` to its end, `=` to both; and how
// long it is, `0` and upwards.
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
        let mut words =
            WORDS.get(usize::from(first.wrapping_sub(b'a'))).map_or(&[][..], |words| words.as_bytes());
        while let [class, bound, length, more @ ..] = words {
            let Some((word, more)) = more.split_at_checked(usize::from(length - b'0')) else { break };
            words = more;
            if word.get(1) == others.first() && rest.starts_with(word) {
                let at_start = rest.len() == squashed.len() || matches!(bound, b'$' | b' ');
                let at_end = rest.len() == word.len() || matches!(bound, b'^' | b' ');
                found |= u32::from(at_start && at_end) << (class - b'A');
            }
        }
        rest = others;
    }
    found
}
