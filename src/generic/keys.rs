//! The names that people give to the parts of an error, compared without case and separators: `error_code` is `errorCode`.

use crate::body::Tree;

macro_rules! keys {
    ($($key:ident = $name:literal,)*) => {
        #[derive(Clone, Copy, PartialEq, Eq)]
        pub(super) enum Key {
            $($key,)*
        }

        const COUNT: usize = [$($name),*].len();

        /// Names are recognised by their hash: shorter than the names, and faster to compare.
        const HASHES: [u32; COUNT] = [$(hash($name.as_bytes())),*];
    };
}

keys! {
    // The code, in its narrow sense.
    Code = "code",
    ErrorCode = "errorcode",
    ErrCode = "errcode",
    CodeName = "codename",
    FaultCode = "faultcode",
    // The code, where nothing narrower is there.
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
    Body = "body",
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
    // Input fields.
    Fields = "fields",
    FieldErrors = "fielderrors",
    FormErrors = "formerrors",
    ValidationErrors = "validationerrors",
    InvalidParams = "invalidparams",
    InvalidFields = "invalidfields",
    Violations = "violations",
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
    Locations = "locations",
    // Keys of a field map that stand for the record as a whole.
    Base = "base",
    NonFieldErrors = "nonfielderrors",
    All = "all",
}

/// FNV-1a over the letters in lower case, without separators.
pub(super) const fn hash(name: &[u8]) -> u32 {
    let mut hash = 0x811C_9DC5_u32;
    let mut rest = name;
    while let [byte, others @ ..] = rest {
        if !matches!(byte, b'_' | b'-' | b'.' | b'@' | b' ') {
            hash = (hash ^ byte.to_ascii_lowercase() as u32).wrapping_mul(0x0100_0193);
        }
        rest = others;
    }
    hash
}

/// The members of an object by what they mean. `null` counts as absent.
pub(super) struct Members<'t>([Option<&'t Tree<'t>>; COUNT]);

impl<'t> Members<'t> {
    pub(super) fn of(tree: &'t Tree<'t>) -> Self {
        let mut members = Self([None; COUNT]);
        for (name, value) in tree.as_map() {
            if let Some(slot) = position(name).and_then(|at| members.0.get_mut(at))
                && !matches!(value, Tree::Null)
            {
                *slot = Some(value);
            }
        }
        members
    }

    pub(super) fn get(&self, key: Key) -> Option<&'t Tree<'t>> {
        self.0.get(key as usize).copied().flatten()
    }

    /// A string, trimmed and not empty.
    pub(super) fn text(&self, key: Key) -> Option<&'t str> {
        filled(self.get(key)?.as_text()?)
    }

    /// A string or number, trimmed and not empty.
    pub(super) fn scalar(&self, key: Key) -> Option<&'t str> {
        filled(self.get(key)?.scalar()?)
    }

    pub(super) fn object(&self, key: Key) -> Option<&'t Tree<'t>> {
        self.get(key).filter(|tree| matches!(tree, Tree::Map(_)))
    }
}

pub(super) fn filled(text: &str) -> Option<&str> {
    let text = text.trim_ascii();
    if text.is_empty() { None } else { Some(text) }
}

fn position(name: &str) -> Option<usize> {
    let hash = hash(name.as_bytes());
    HASHES.iter().position(|known| *known == hash)
}

/// Does that name mean one of these?
pub(super) fn means(name: &str, keys: &[Key]) -> bool {
    let at = position(name);
    keys.iter().any(|key| at == Some(*key as usize))
}
