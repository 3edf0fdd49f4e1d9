//! Finds the error in a body: in an object around it, in a list, or in the body itself.

use super::fields::{self, Values};
use super::keys::Key::{self, *};
use super::keys::Members;
use super::phrase::{is_phrase, is_phrase_word};
use super::reading::{Reading, offer};
use super::token::{
    is_code, is_constant, is_number, is_opaque, is_problem_code, is_short_number, is_uuid, is_web_url,
};
use crate::body::Tree;
use crate::delay::decimal::digits;
use crate::delay::{self, Notation};
use crate::response::host;
use crate::text::{filled, find, has_space};

/// Where an object stands: the further in, the surer that all its members speak of the error.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// The whole body.
    Root,
    /// The body around an error object: its other members may speak of anything.
    Around,
    /// An error object.
    Inner,
    /// An element of a list of errors.
    Item,
    /// What an error adds to itself.
    Aside,
}

/// Reads envelopes and the errors in them.
pub(super) struct Reader<'r> {
    pub(super) status: u16,
    pub(super) clock_ms: u64,
    /// Of the request.
    pub(super) host: &'r str,
}

/// The narrow names of a code.
static CODES: &[Key] = &[Code, ErrorCode, ErrCode, CodeName, FaultCode, ECode];
/// The wide ones, in the order of preference.
static WIDE_CODES: &[Key] =
    &[Error, ScimType, Type, ErrorType, ErrorName, Reason, Name, Status, Id, ErrorNum, ErrorNumber, ErrorId];
static MESSAGES: &[Key] = &[
    Message,
    Msg,
    ErrorDescription,
    Description,
    Detail,
    Info,
    ErrorMessage,
    ErrorMsg,
    ErrMsg,
    StatusMessage,
    ErrorSummary,
    ErrorDetail,
    DefaultMessage,
    FaultString,
    UserMessage,
    Reason,
    Error,
    Err,
    Details,
    Title,
    Text,
    Errors,
    Messages,
    ErrorMessages,
];
static REQUEST_IDS: &[Key] = &[
    RequestId,
    ReqId,
    XRequestId,
    TraceId,
    DebugId,
    CorrelationId,
    ErrorId,
    LogId,
    FbTraceId,
    IncidentId,
    ActivityId,
    TransactionId,
];
static DOCS: &[Key] = &[
    DocumentationUrl,
    DocUrl,
    DocsUrl,
    Documentation,
    Docs,
    MoreInfo,
    HelpUrl,
    Help,
    HelpLink,
    ErrorUri,
    InformationLink,
    Link,
    Links,
    Url,
    Type,
];
static DELAYS: &[(Key, &[Notation])] = &[
    (RetryAfterMs, &[Notation::Milliseconds]),
    (RetryAfterMilliseconds, &[Notation::Milliseconds]),
    (RetryAfter, &[Notation::Seconds]),
    (RetryAfterSeconds, &[Notation::Seconds]),
    (RetryAfterSecs, &[Notation::Seconds]),
    (RetryInSeconds, &[Notation::Seconds]),
    (EstimatedTime, &[Notation::Seconds]),
    (RetryDelay, &[Notation::Duration]),
    (RetryAfter, &[Notation::Duration, Notation::Rfc3339, Notation::HttpDate]),
];
static INNER: &[Key] = &[Error, Fault, Err, Errors, ODataError, Exception];
/// What may hold a request id or a delay beside the error.
static ASIDE: &[Key] = &[Extensions, InnerError, Meta, Metadata, Parameters, Details, Context];

impl Reader<'_> {
    /// An object that is, or contains, an error. What is found already stands.
    pub(super) fn envelope<'t>(&self, tree: &'t Tree<'t>, depth: u32, place: Place, out: &mut Reading<'t>) {
        let Some(deeper) = depth.checked_sub(1) else { return };
        let members = Members::of(tree);
        let is_inner = |key: Key, object: &Tree<'_>| {
            !object.as_map().is_empty() && (key != Errors || !fields::is_map(object, Values::Texts))
        };
        let inner = INNER.iter().find_map(|&key| members.object(key).filter(|object| is_inner(key, object)));
        if let Some(inner) = inner {
            self.envelope(inner, deeper, Place::Inner, out);
        }
        let place = if inner.is_some() && place == Place::Root { Place::Around } else { place };
        self.own(&members, place, out);
        if let Some(extensions) = members.object(Extensions)
            && place != Place::Around
        {
            self.extension(extensions, out);
        }
        for key in [Detail, Message] {
            if let Some(object) = members.object(key).filter(|object| !fields::is_map(object, Values::Lists))
            {
                self.envelope(object, deeper, Place::Inner, out);
            }
        }
        let first = |key: &Key| members.get(*key)?.as_list().first();
        if out.message.is_none()
            && let Some(first) = [Errors, Error, Messages, FormErrors].iter().find_map(first)
            // A reason phrase gives way to a text, but not to that of a field.
            && (out.phrase.is_none() || !fields::names_field(first))
        {
            self.first_of(first, deeper, out);
        }
        if out.code.is_none() {
            out.code = self.wide_code(&members, place);
        }
        if inner.is_none() && out.message.is_none() && out.code.is_none() {
            // Nested once, under whatever name.
            for (_, object) in tree.as_map() {
                if matches!(object, Tree::Map(_)) && !fields::is_map(object, Values::Texts) {
                    self.envelope(object, deeper, Place::Inner, out);
                }
            }
        }
        self.aside(&members, place, out);
        fields::read(&members, place == Place::Around, out);
    }

    /// The first of several errors speaks for all, unless it is only about a field.
    pub(super) fn first_of<'t>(&self, first: &'t Tree<'t>, depth: u32, out: &mut Reading<'t>) {
        if let Tree::Text(text) = first {
            // Kraken and its like: a class and a name.
            let is_name =
                find(text, ":").is_some() && is_wide_code(Error, text) && is_code(text, self.status);
            if is_name && find(text, "//").is_none() {
                out.code = out.code.or(Some(text));
            } else {
                self.text(text, out);
            }
            return;
        }
        let members = Members::of(first);
        if members.get(Loc).is_some()
            || (!members.is_of_graphql() && matches!(members.get(Path), Some(Tree::List(_))))
        {
            return;
        }
        // The code around it stands. The fields of all elements are read from the list.
        let around = out.code.take();
        let known = out.fields.len();
        self.envelope(first, depth, Place::Item, out);
        out.fields.truncate(known);
        out.code = around.or(out.code);
    }

    fn own<'t>(&self, members: &Members<'t>, place: Place, out: &mut Reading<'t>) {
        if out.code.is_none() {
            // GraphQL's code is in the extensions, before the type beside it.
            let extended = members
                .object(Extensions)
                .filter(|_| place == Place::Item)
                .and_then(|extensions| self.code(&Members::of(extensions)));
            out.code = extended.or_else(|| self.code(members));
        }
        message(members, out);
        read_status(members, out);
        for key in [Retryable, IsRetryable, Retriable, Transient, IsTransient, Permanent] {
            if let Some(Tree::Bool(truth)) = members.get(key) {
                out.transient = out.transient.or(Some(*truth != (key == Permanent)));
            }
        }
    }

    fn extension<'t>(&self, extensions: &'t Tree<'t>, out: &mut Reading<'t>) {
        let members = Members::of(extensions);
        out.code = out.code.or_else(|| self.code(&members));
        read_status(&members, out);
        if let Some(http) = members.object(Http) {
            read_status(&Members::of(http), out);
        }
        self.aside(&members, Place::Aside, out);
    }

    /// The code under one of its narrow names.
    fn code<'t>(&self, members: &Members<'t>) -> Option<&'t str> {
        // A word before a number for the same thing.
        let mut number = None;
        for &key in CODES {
            if let Some(code) = members.scalar(key).filter(|code| is_code(code, self.status)) {
                if !is_number(code) {
                    return Some(code);
                }
                number = number.or(Some(code));
            }
        }
        let word = members.text(Error).filter(|word| is_code(word, self.status) && is_wide_code(Error, word));
        if number.is_some() { word.or(number) } else { None }
    }

    /// The code under a name that may mean other things, too.
    fn wide_code<'t>(&self, members: &Members<'t>, place: Place) -> Option<&'t str> {
        if place == Place::Around {
            return None;
        }
        WIDE_CODES.iter().find_map(|&key| {
            let takes_numbers = matches!(key, Error | ErrorNum | ErrorNumber | ErrorId);
            let text = if takes_numbers { members.scalar(key) } else { members.text(key) };
            text.filter(|code| is_code(code, self.status) && is_wide_code(key, code))
        })
    }

    fn aside<'t>(&self, members: &Members<'t>, place: Place, out: &mut Reading<'t>) {
        self.occurrence(members, place, out);
        for object in ASIDE.iter().filter_map(|key| members.object(*key)) {
            self.occurrence(&Members::of(object), Place::Aside, out);
        }
    }

    /// The request id, the link and the wait.
    fn occurrence<'t>(&self, members: &Members<'t>, place: Place, out: &mut Reading<'t>) {
        if out.request_id.is_none() {
            let id = members.scalar(Id).filter(|id| match place {
                Place::Item => id.bytes().any(|byte| byte.is_ascii_digit()),
                Place::Root | Place::Inner => is_opaque(id),
                _ => false,
            });
            let instance = members.text(Instance).map(|text| text.strip_prefix("urn:uuid:").unwrap_or(text));
            let is_id = |key: Key, id: &str| key != ErrorId || !is_short_number(id);
            let named = REQUEST_IDS.iter().find_map(|&key| members.scalar(key).filter(|id| is_id(key, id)));
            out.request_id = named.or(id).or(instance.filter(|text| is_uuid(text)));
        }
        let documentation = |&key: &Key| {
            let link = match (key, members.get(key)) {
                (Url, _) if matches!(place, Place::Around | Place::Aside) => None,
                (Type, _) if place == Place::Around => None,
                (Links, Some(links)) => linked(links),
                (_, value) => value.and_then(Tree::as_text),
            };
            // A `url` at the server itself repeats the request.
            let is_link = |link: &&str| is_web_url(link) && !(key == Url && host(link) == self.host);
            link.map(str::trim_ascii).filter(is_link)
        };
        let delay = |(key, notations): &(Key, &[Notation])| {
            delay::read_any(members.scalar(*key)?, notations, self.clock_ms)
        };
        out.docs_url = out.docs_url.or_else(|| DOCS.iter().find_map(documentation));
        out.retry_after_ms = out.retry_after_ms.or_else(|| DELAYS.iter().find_map(delay));
    }

    pub(super) fn text<'t>(&self, text: &'t str, out: &mut Reading<'t>) {
        let text = text.trim_ascii();
        let head = text.get(..12).unwrap_or_default();
        let number = text.get(12..).filter(|number| is_number(number));
        let is_token =
            || text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-'));
        if head.eq_ignore_ascii_case("error code: ") && number.is_some() {
            out.code = number.filter(|code| is_code(code, self.status));
        } else if find(text, "_").is_some() && is_token() && is_code(text, self.status) {
            out.code = out.code.or(Some(text));
        } else if let Some(text) = filled(text) {
            offer(text, None, out);
        }
    }
}

/// Links of JSON:API, and those of `PayPal`.
fn linked<'t>(links: &'t Tree<'t>) -> Option<&'t str> {
    match links {
        Tree::List(links) => {
            links.iter().find(|link| link.text("rel") == Some("information_link"))?.text("href")
        }
        links => {
            let about = links.member("about")?;
            about.as_text().or_else(|| about.text("href"))
        }
    }
}

/// Is that member used for a code here, and not for something else of that name?
fn is_wide_code(key: Key, text: &str) -> bool {
    let is_word = || text.bytes().all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'_' | b'-'));
    match key {
        Id => is_word() && text.len() > 3,
        ErrorNum | ErrorNumber => true,
        ErrorId => is_short_number(text),
        Error => {
            !is_phrase_word(text)
                && !is_constant(text)
                && !matches!(text.as_bytes(), [.., b'.' | b'!' | b'?' | b':'])
        }
        Type if find(text, "://").is_some() || text.starts_with("about:") => is_problem_code(text),
        _ => !is_number(text) && !is_phrase_word(text) && !is_constant(text),
    }
}

fn message<'t>(members: &Members<'t>, out: &mut Reading<'t>) {
    for &key in MESSAGES {
        if out.message.is_some() {
            return;
        }
        let Some(value) = members.get(key) else { continue };
        let text = match value {
            Tree::Text(text) => Some(&**text),
            Tree::List(texts) if key != Title => texts.first().and_then(Tree::as_text),
            // Old OData: the text beside its language.
            Tree::Map(_) if key == Message => value.text("value"),
            _ => None,
        };
        let Some(text) = text.and_then(filled) else { continue };
        let is_prose = || is_phrase(text) || has_space(text) || matches!(text.as_bytes(), [.., b'.' | b'!']);
        if !matches!(key, Reason | Error | Err | Errors) || is_prose() {
            offer(text, out.code, out);
        }
    }
}

/// An HTTP status inside the envelope.
fn read_status<'t>(members: &Members<'t>, out: &mut Reading<'t>) {
    for key in [StatusCode, HttpStatus, HttpCode, HttpStatusCode, Status, Code, ErrorCode] {
        let number = members.scalar(key).and_then(digits).filter(|number| (400..600).contains(number));
        out.status = out.status.or(number.and_then(|number| u16::try_from(number).ok()));
    }
}
