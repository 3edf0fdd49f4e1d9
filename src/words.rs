//! What common words in a code mean, whoever says them: `src/words.json`.

use std::sync::OnceLock;

use crate::body::{Tree, parse_json};
use crate::failure::Kind;
use crate::text::find;

/// Made by `src/dialects/build.rs`: the rules without what is for people.
const TEXT: &str = include_str!(concat!(env!("OUT_DIR"), "/words.json"));

/// What the words in a code say.
#[derive(Clone, Copy, Default)]
pub(crate) struct Words {
    pub(crate) kind: Option<Kind>,
    pub(crate) transient: Option<bool>,
    /// Not worth sending again unless the server says when.
    pub(crate) until_told: bool,
}

/// A pattern: its text without the stars, and what it says.
struct Word {
    text: &'static str,
    open_start: bool,
    open_end: bool,
    rank: usize,
    says: Says,
}

#[derive(Clone, Copy)]
enum Says {
    Kind(Kind),
    /// The same, only where the status says little.
    Weak(Kind),
    Transient(bool),
    UntilTold,
    Nothing,
}

/// The words of a code. `is_vague`: the status says little, as 200 and 400 do.
pub(crate) fn look_up(code: &str, is_vague: bool) -> Words {
    // A link names a page, not a condition.
    if find(code, "/").is_some() {
        return Words::default();
    }
    let squashed: String = code
        .bytes()
        .filter(u8::is_ascii_alphanumeric)
        .map(|byte| char::from(byte.to_ascii_lowercase()))
        .collect();
    let mut words = Words::default();
    let mut least = usize::MAX;
    for (at, first) in squashed.bytes().enumerate() {
        let Some(rest) = squashed.get(at..) else { break };
        for word in index().get(usize::from(first)).map(Vec::as_slice).unwrap_or_default() {
            let fits = rest.starts_with(word.text)
                && (word.open_start || at == 0)
                && (word.open_end || rest.len() == word.text.len());
            if !fits {
                continue;
            }
            match word.says {
                Says::Kind(kind) if word.rank < least => {
                    words.kind = Some(kind);
                    least = word.rank;
                }
                Says::Weak(kind) if is_vague && word.rank < least => {
                    words.kind = Some(kind);
                    least = word.rank;
                }
                Says::Nothing if word.rank < least => {
                    words.kind = None;
                    least = word.rank;
                }
                Says::Transient(transient) => words.transient = Some(transient),
                Says::UntilTold => words.until_told = true,
                _ => {}
            }
        }
    }
    words
}

/// The words by their first letter: a code is compared with few of them.
fn index() -> &'static [Vec<Word>] {
    static INDEX: OnceLock<Vec<Vec<Word>>> = OnceLock::new();
    INDEX.get_or_init(|| {
        static RULES: OnceLock<Tree<'static>> = OnceLock::new();
        let rules = RULES.get_or_init(|| parse_json(TEXT).unwrap_or(Tree::Null));
        let mut index: Vec<Vec<Word>> = Vec::new();
        index.resize_with(128, Vec::new);
        let mut rank = 0;
        let mut add = |patterns: &'static Tree<'static>, says: Says| {
            for pattern in patterns.as_list().iter().filter_map(Tree::as_text) {
                rank += 1;
                let (text, open_start) =
                    pattern.strip_prefix('*').map_or((pattern, false), |text| (text, true));
                let (text, open_end) = text.strip_suffix('*').map_or((text, false), |text| (text, true));
                let first = text.bytes().next().map_or(0, usize::from);
                if let Some(words) = index.get_mut(first) {
                    words.push(Word { text, open_start, open_end, rank, says });
                }
            }
        };
        for (section, rules) in rules.as_map() {
            match &**section {
                "permanent" => add(rules, Says::Transient(false)),
                "transient" => add(rules, Says::Transient(true)),
                "until_told" => add(rules, Says::UntilTold),
                "generic" => add(rules, Says::Nothing),
                _ => {
                    for (kind, patterns) in rules.as_map() {
                        if let Some(kind) = Kind::from_name(kind) {
                            add(
                                patterns,
                                if section == "weak" { Says::Weak(kind) } else { Says::Kind(kind) },
                            );
                        }
                    }
                }
            }
        }
        index
    })
}
