//! Structured fields (RFC 9651) as rate limits use them: lists and dictionaries of items. Inner lists and display strings, which no rate
//! limit uses, count as malformed.

/// One policy of a `RateLimit` or `RateLimit-Policy` field. Values are as they were sent; one that was not sent is empty.
#[derive(Clone, Copy, Default)]
pub(super) struct Policy<'t> {
    pub(super) name: &'t str,
    pub(super) remaining: &'t str,
    pub(super) reset: &'t str,
    pub(super) window: &'t str,
}

/// The policies of a list, or the one that a whole dictionary is; nothing where any part of the field is malformed.
pub(super) fn policies(text: &str, is_dictionary: bool) -> Option<Vec<Policy<'_>>> {
    let mut reader = Reader { rest: text };
    let mut policies = Vec::new();
    let (mut policy, mut ignored) = (Policy::default(), Policy::default());
    loop {
        reader.take(SPACE);
        if is_dictionary {
            reader.parameter(&mut policy)?;
            policies.clear();
        } else {
            policy = Policy { name: reader.item()?, ..Policy::default() };
        }
        while reader.skip(b';') {
            reader.take(b"  ");
            reader.parameter(if is_dictionary { &mut ignored } else { &mut policy })?;
        }
        policies.push(policy);
        reader.take(SPACE);
        if !reader.skip(b',') {
            return if reader.rest.is_empty() { Some(policies) } else { None };
        }
    }
}

/// Sets of ASCII characters: pairs of a first and a last one.
type Set = &'static [u8];
const SPACE: Set = b"  \t\t";
const DIGIT: Set = b"09";
const BASE64: Set = b"azAZ/9++";
const STRING: Set = b" !#[]~";
const TOKEN_START: Set = b"azAZ**";
const TOKEN: Set = b"azAZ/:!!#'*+-.^`||~~";
const KEY_START: Set = b"az**";
const KEY: Set = b"az09__-.**";

struct Reader<'t> {
    rest: &'t str,
}

impl<'t> Reader<'t> {
    fn skip(&mut self, byte: u8) -> bool {
        let is_next = self.rest.bytes().next() == Some(byte);
        if is_next {
            self.rest = self.rest.get(1..).unwrap_or_default();
        }
        is_next
    }

    /// The number of characters that come next of that set.
    fn take(&mut self, set: Set) -> usize {
        let is_in =
            |byte| set.chunks_exact(2).any(|pair| pair.first() <= Some(&byte) && pair.last() >= Some(&byte));
        let end = self.rest.bytes().position(|byte| !is_in(byte)).unwrap_or(self.rest.len());
        self.rest = self.rest.get(end..).unwrap_or_default();
        end
    }

    /// `key` or `key=item`.
    fn parameter(&mut self, policy: &mut Policy<'t>) -> Option<()> {
        let start = self.rest;
        if self.take(KEY_START) == 0 {
            return None;
        }
        self.take(KEY);
        let key = start.get(..start.len() - self.rest.len())?;
        let value = if self.skip(b'=') { self.item()? } else { "" };
        match key {
            "limit" => policy.name = value,
            "r" | "remaining" => policy.remaining = value,
            "t" | "reset" => policy.reset = value,
            "w" => policy.window = value,
            _ => {}
        }
        Some(())
    }

    /// An item without its parameters.
    fn item(&mut self) -> Option<&'t str> {
        let start = self.rest;
        let is_well_formed = if self.skip(b'"') {
            loop {
                self.take(STRING);
                if !self.skip(b'\\') {
                    break self.skip(b'"');
                }
                if !self.skip(b'\\') && !self.skip(b'"') {
                    break false;
                }
            }
        } else if self.skip(b':') {
            self.take(BASE64);
            self.take(b"==");
            self.skip(b':')
        } else if self.skip(b'?') {
            self.skip(b'0') || self.skip(b'1')
        } else if self.take(TOKEN_START) > 0 {
            self.take(TOKEN);
            true
        } else {
            let is_date = self.skip(b'@');
            self.skip(b'-');
            let whole = self.take(DIGIT);
            if !is_date && self.skip(b'.') {
                (1..=12).contains(&whole) && (1..=3).contains(&self.take(DIGIT))
            } else {
                (1..=15).contains(&whole)
            }
        };
        if is_well_formed { start.get(..start.len() - self.rest.len()) } else { None }
    }
}
