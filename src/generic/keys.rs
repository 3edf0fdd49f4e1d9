//! The names that people give to the parts of an error, compared without case and separators: `error_code` is `errorCode`.

use std::borrow::Cow;

use crate::body::Tree;
use crate::text::{filled, hash};

macro_rules! keys {
    ($($key:ident = $name:literal,)*) => {
        #[derive(Clone, Copy, PartialEq, Eq)]
        pub(super) enum Key {
            $($key,)*
        }

        const COUNT: usize = [$($name),*].len();

        const NAMES: [&str; COUNT] = [$($name),*];
    };
}

keys! {
    // The code, in its narrow sense.
    Code = "code",
    ErrorCode = "errorcode",
    ErrCode = "errcode",
    CodeName = "codename",
    ErrorNum = "errornum",
    ErrorNumber = "errornumber",
    ECode = "ecode",
    FaultCode = "faultcode",
    // The code, where nothing narrower is there.
    ScimType = "scimtype",
    Type = "type",
    ErrorType = "errortype",
    ErrorName = "errorname",
    Reason = "reason",
    Name = "name",
    Status = "status",
    Id = "id",
    // The text.
    Message = "message",
    Msg = "msg",
    ErrorDescription = "errordescription",
    Description = "description",
    Detail = "detail",
    Info = "info",
    ErrorMessage = "errormessage",
    ErrorMsg = "errormsg",
    ErrMsg = "errmsg",
    StatusMessage = "statusmessage",
    ErrorSummary = "errorsummary",
    ErrorDetail = "errordetail",
    DefaultMessage = "defaultmessage",
    FaultString = "faultstring",
    UserMessage = "usermessage",
    Details = "details",
    Title = "title",
    Text = "text",
    Messages = "messages",
    ErrorMessages = "errormessages",
    // Where the error stands.
    Error = "error",
    Err = "err",
    Fault = "fault",
    Errors = "errors",
    ODataError = "odataerror",
    Exception = "exception",
    Response = "response",
    Meta = "meta",
    Metadata = "metadata",
    Extensions = "extensions",
    Parameters = "parameters",
    Context = "context",
    InnerError = "innererror",
    // The occurrence.
    RequestId = "requestid",
    ReqId = "reqid",
    XRequestId = "xrequestid",
    TraceId = "traceid",
    DebugId = "debugid",
    CorrelationId = "correlationid",
    ErrorId = "errorid",
    LogId = "logid",
    FbTraceId = "fbtraceid",
    IncidentId = "incidentid",
    ActivityId = "activityid",
    TransactionId = "transactionid",
    Instance = "instance",
    // The documentation.
    DocumentationUrl = "documentationurl",
    DocUrl = "docurl",
    DocsUrl = "docsurl",
    Documentation = "documentation",
    Docs = "docs",
    MoreInfo = "moreinfo",
    HelpUrl = "helpurl",
    Help = "help",
    HelpLink = "helplink",
    ErrorUri = "erroruri",
    InformationLink = "informationlink",
    Link = "link",
    Url = "url",
    Links = "links",
    // The wait.
    RetryAfter = "retryafter",
    RetryAfterSeconds = "retryafterseconds",
    RetryAfterSecs = "retryaftersecs",
    RetryInSeconds = "retryinseconds",
    RetryDelay = "retrydelay",
    EstimatedTime = "estimatedtime",
    RetryAfterMs = "retryafterms",
    RetryAfterMilliseconds = "retryaftermilliseconds",
    // Whether to send again.
    Retryable = "retryable",
    IsRetryable = "isretryable",
    Retriable = "retriable",
    Transient = "transient",
    IsTransient = "istransient",
    Permanent = "permanent",
    // The status once more.
    StatusCode = "statuscode",
    HttpStatus = "httpstatus",
    HttpCode = "httpcode",
    HttpStatusCode = "httpstatuscode",
    // Success.
    Ok = "ok",
    Success = "success",
    JsonRpc = "jsonrpc",
    Data = "data",
    Embedded = "embedded",
    Done = "done",
    // Input fields.
    Fields = "fields",
    MemberNames = "members",
    FieldErrors = "fielderrors",
    FormErrors = "formerrors",
    ValidationErrors = "validationerrors",
    InvalidParams = "invalidparams",
    InvalidFields = "invalidfields",
    Violations = "violations",
    ConstraintViolations = "constraintviolations",
    FieldViolations = "fieldviolations",
    ModelState = "modelstate",
    Issues = "issues",
    Causes = "causes",
    Issue = "issue",
    Field = "field",
    Path = "path",
    Param = "param",
    Parameter = "parameter",
    Source = "source",
    Target = "target",
    In = "in",
    Loc = "loc",
    Location = "location",
    LocationType = "locationtype",
    Property = "property",
    PropertyPath = "propertypath",
    InstancePath = "instancepath",
    Attribute = "attribute",
    FieldName = "fieldname",
    Pointer = "pointer",
    Header = "header",
    Http = "http",
    Locations = "locations",
    // Keys of a field map that stand for the record as a whole.
    Base = "base",
    NonFieldErrors = "nonfielderrors",
    All = "all",
}

/// Names are recognised by 24 bits of their hash, which takes less than the names and is found faster. The other 8 bits
/// are the key.
static HASHES: [u32; COUNT] = sorted_hashes();

#[allow(clippy::indexing_slicing, clippy::cast_possible_truncation)]
const fn sorted_hashes() -> [u32; COUNT] {
    let mut hashes = [0; COUNT];
    let mut count = 0;
    while count < COUNT {
        let hash = hash(NAMES[count].as_bytes()) << 8 | count as u32;
        let mut at = count;
        while at > 0 && hashes[at - 1] > hash {
            hashes[at] = hashes[at - 1];
            at -= 1;
        }
        hashes[at] = hash;
        count += 1;
    }
    hashes
}

/// The number of the key that a name stands for.
fn number(name: &str) -> Option<usize> {
    let hash = hash(name.as_bytes()) << 8;
    let number = HASHES.get(HASHES.partition_point(|known| *known < hash))? ^ hash;
    if number < 256 { usize::try_from(number).ok() } else { None }
}

/// The members of an object by what they mean. `null` counts as absent.
pub(super) struct Members<'t> {
    all: &'t [(Cow<'t, str>, Tree<'t>)],
    /// For each key the position of its member, counted from 1; 0 where there is none.
    positions: [u16; COUNT],
}

impl<'t> Members<'t> {
    pub(super) fn of(tree: &'t Tree<'t>) -> Self {
        let mut members = Self { all: tree.as_map(), positions: [0; COUNT] };
        for (position, (name, value)) in (1..=u16::MAX).zip(members.all) {
            if let Some(slot) = number(name).and_then(|number| members.positions.get_mut(number))
                && !matches!(value, Tree::Null)
            {
                *slot = position;
            }
        }
        members
    }

    pub(super) fn get(&self, key: Key) -> Option<&'t Tree<'t>> {
        let position = usize::from(*self.positions.get(key as usize)?);
        self.all.get(position.checked_sub(1)?).map(|(_, value)| value)
    }

    /// A string, trimmed and not empty.
    pub(super) fn text(&self, key: Key) -> Option<&'t str> {
        filled(self.get(key)?.as_text()?)
    }

    /// A string or number, trimmed and not empty.
    pub(super) fn scalar(&self, key: Key) -> Option<&'t str> {
        filled(self.get(key)?.scalar()?)
    }

    /// The first of these that is a string, trimmed and not empty.
    pub(super) fn first_text(&self, keys: &[Key]) -> Option<&'t str> {
        keys.iter().find_map(|key| self.text(*key))
    }

    pub(super) fn object(&self, key: Key) -> Option<&'t Tree<'t>> {
        self.get(key).filter(|tree| matches!(tree, Tree::Map(_)))
    }

    /// An error of GraphQL, whose path leads into the response: validators name the kind of their complaint.
    pub(super) fn is_of_graphql(&self) -> bool {
        self.get(Key::Extensions).is_some()
            || self.get(Key::Locations).is_some()
            || (self.get(Key::Message).is_some()
                && self.get(Key::Code).is_none()
                && self.get(Key::Type).is_none())
    }
}

/// Does that name mean one of these?
pub(super) fn means(name: &str, keys: &[Key]) -> bool {
    let number = number(name);
    keys.iter().any(|key| number == Some(*key as usize))
}
