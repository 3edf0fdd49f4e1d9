//! The vocabulary: what can be said about a failed request. Imports nothing.

/// What went wrong, in our own closed vocabulary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The request itself is wrong: parameters, format, size.
    InvalidRequest,
    /// Credentials are missing, wrong or expired.
    Unauthenticated,
    /// Money, a plan or a subscription is missing.
    PaymentRequired,
    /// The credentials are good but not for this.
    PermissionDenied,
    /// The resource or the address does not exist.
    NotFound,
    /// The request contradicts the current state: a duplicate, a stale version, a lock.
    Conflict,
    /// A limit that the clock refills.
    RateLimited,
    /// The service failed while it worked on the request.
    ServerError,
    /// A proxy could not get a valid answer from the service.
    BadGateway,
    /// The service is overloaded or down for maintenance.
    Unavailable,
    /// Somebody on the way stopped waiting.
    Timeout,
    /// No response arrived.
    Network,
    /// The caller gave up.
    Cancelled,
    /// An error of which nothing more is known.
    Unknown,
}

impl Kind {
    /// Every kind, in the order of declaration.
    pub const ALL: [Self; 14] = [
        Self::InvalidRequest,
        Self::Unauthenticated,
        Self::PaymentRequired,
        Self::PermissionDenied,
        Self::NotFound,
        Self::Conflict,
        Self::RateLimited,
        Self::ServerError,
        Self::BadGateway,
        Self::Unavailable,
        Self::Timeout,
        Self::Network,
        Self::Cancelled,
        Self::Unknown,
    ];

    pub(crate) const NAMES: [&'static str; 14] = [
        "invalid_request",
        "unauthenticated",
        "payment_required",
        "permission_denied",
        "not_found",
        "conflict",
        "rate_limited",
        "server_error",
        "bad_gateway",
        "unavailable",
        "timeout",
        "network",
        "cancelled",
        "unknown",
    ];

    /// The stable `snake_case` name.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::NAMES.get(self as usize).copied().unwrap_or_default()
    }

    /// The kind of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let index = Self::NAMES.iter().position(|known| *known == name)?;
        Self::ALL.get(index).copied()
    }

    /// Would the identical request, sent later, plausibly succeed without anyone changing anything?
    /// The answer for the kind alone; a status, a code or a header may know better.
    #[must_use]
    pub const fn is_transient(self) -> bool {
        matches!(
            self,
            Self::RateLimited
                | Self::ServerError
                | Self::BadGateway
                | Self::Unavailable
                | Self::Timeout
                | Self::Network
        )
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Kind {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// One input field that the server objected to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct FieldError {
    /// The field as the server wrote it: `id.number`, `#/age`, `body.size`.
    pub path: String,
    /// The server's text about this field.
    pub message: Option<String>,
    /// The server's code for this field.
    pub code: Option<String>,
}

macro_rules! steps {
    ($($step:ident = $id:literal: $text:literal,)*) => {
        /// Something a person can do next. The names are stable; the sentences may improve.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Step {
            $(#[doc = $text] $step,)*
        }

        impl Step {
            /// Every step, in the order of declaration.
            pub const ALL: [Self; [$($id),*].len()] = [$(Self::$step),*];

            pub(crate) const IDS: [&'static str; Self::ALL.len()] = [$($id),*];

            const TEXTS: [&'static str; Self::ALL.len()] = [$($text),*];
        }
    };
}

impl Step {
    /// The stable `snake_case` name.
    #[must_use]
    pub fn id(self) -> &'static str {
        Self::IDS.get(self as usize).copied().unwrap_or_default()
    }

    /// One English sentence for people.
    #[must_use]
    pub fn text(self) -> &'static str {
        Self::TEXTS.get(self as usize).copied().unwrap_or_default()
    }

    /// The step of that name.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        let index = Self::IDS.iter().position(|known| *known == id)?;
        Self::ALL.get(index).copied()
    }
}

steps! {
    FixRequest = "fix_request": "Correct the request before sending it again.",
    CheckCredentials = "check_credentials": "Sign in again, or check the API key.",
    SettlePayment = "settle_payment": "Add funds or change the plan of the account.",
    RequestAccess = "request_access": "Ask for permission, or use an account that has it.",
    CheckAddress = "check_address": "Check the URL and the id in it.",
    ReloadAndRedo = "reload_and_redo": "Load the current state, then make the change again.",
    SlowDown = "slow_down": "Send fewer requests.",
    RetryLater = "retry_later": "Try again later.",
    RetryOnce = "retry_once": "Retry once after a short delay.",
    WaitMinutes = "wait_minutes": "Wait a few minutes, then try again.",
    BackOff = "back_off": "Wait longer after each failure; never resend in a tight loop.",
    ReduceScope = "reduce_scope": "Ask for less at a time if the request is large or expensive.",
    RecordRequest = "record_request": "If it keeps failing, give support the endpoint, the time and the payload.",
    ReportScope = "report_scope": "If it keeps failing, tell support whether one endpoint or all traffic is hit.",
    UseNewKey = "use_new_key": "The result is saved under the idempotency key; check what happened, then use a new key.",
    QuoteRequestId = "quote_request_id": "Quote the request id to support.",
    CheckConnection = "check_connection": "Check the network connection.",
}

#[cfg(feature = "serde")]
impl serde::Serialize for Step {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut step = serializer.serialize_struct("Step", 2)?;
        step.serialize_field("id", self.id())?;
        step.serialize_field("text", self.text())?;
        step.end()
    }
}

/// What to do next: for people, and the limits that the vendor's documentation puts on sending again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct Advice {
    /// In the order in which to do them; empty only for [`Kind::Cancelled`].
    pub steps: Vec<Step>,
    /// Send at most this many times, the first send included. Narrows a policy, never widens it.
    pub max_attempts: Option<u32>,
    /// Wait at least this long before the next send, in milliseconds.
    pub min_delay_ms: Option<u64>,
    /// The server saved this result under the request's idempotency key: the same key only gets it again.
    pub saved_under_key: bool,
}

/// What a part of a failure was read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// No response: how the send ended.
    Transport,
    /// The HTTP status.
    Status,
    /// A response header.
    Header,
    /// What the provider's code says by its words.
    Code,
    /// A member of the body.
    Body,
    /// A rule of the API's dialect.
    Dialect,
}

impl Source {
    const NAMES: [&'static str; 6] = ["transport", "status", "header", "code", "body", "dialect"];

    /// The stable name.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::NAMES.get(self as usize).copied().unwrap_or_default()
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Source {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// The meaning of a failed request.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct Failure {
    /// What went wrong.
    pub kind: Kind,
    /// The HTTP status; `None` where no response arrived.
    pub status: Option<u16>,
    /// The provider's own most specific machine identifier.
    pub code: Option<String>,
    /// The provider's text for people. Untrusted.
    pub message: Option<String>,
    /// The input fields that the provider named, in its order.
    pub fields: Vec<FieldError>,
    /// The id that the provider's support asks for.
    pub request_id: Option<String>,
    /// An absolute http(s) link to documentation.
    pub docs_url: Option<String>,
    /// How long the server asks to be left alone, in milliseconds from `now_ms`.
    pub retry_after_ms: Option<u64>,
    /// Where it says so: [`Source::Header`] or [`Source::Body`].
    pub retry_after_from: Option<Source>,
    /// The name of the limit that was hit, where the server names one.
    pub bucket: Option<String>,
    /// Would the identical request, sent later, plausibly succeed without anyone changing anything?
    pub transient: bool,
    /// What that answer rests on.
    pub transient_from: Source,
    /// The server's explicit word on sending again (`x-should-retry`, `stripe-should-retry`).
    pub should_retry: Option<bool>,
    /// The id of the dialect that read the body.
    pub dialect: Option<String>,
    /// What to do next.
    pub advice: Advice,
}
