//! Is a response with a success status an error all the same?

use super::keys::Key::{self, *};
use super::keys::Members;
use crate::body::{Body, Format, Tree};
use crate::response::Response;

/// What says so whatever the API: a list of errors, `ok: false`, an error object, a number of an error that is not zero.
pub(crate) fn is_error(body: &Body<'_>, response: &Response<'_>) -> bool {
    if response.header("x-amz-function-error").is_some()
        || response.header("grpc-status").is_some_and(|status| status != "0")
    {
        return true;
    }
    match body.format {
        // RFC 4918 section 13: the parts of a 207 have their own results.
        Format::Json => response.status != 207 && in_json(&body.tree),
        Format::Xml => body.tree.at("/Error/Code").or_else(|| body.tree.at("/ErrorResponse/Error")).is_some(),
        _ => false,
    }
}

fn in_json(tree: &Tree<'_>) -> bool {
    let members = Members::of(tree);
    let says = |key: Key| match members.get(key) {
        Some(Tree::Bool(truth)) => Some(*truth),
        _ => None,
    };
    let number = |key: Key| members.scalar(key).is_some_and(is_not_zero);
    let error = match members.get(Error) {
        Some(Tree::Bool(truth)) => *truth,
        Some(Tree::Text(text)) => !text.trim_ascii().is_empty() && !is_fine(text),
        Some(Tree::Number(number)) => is_not_zero(number),
        Some(Tree::List(items)) => !items.is_empty(),
        Some(object @ Tree::Map(members)) => {
            !members.is_empty() && !Members::of(object).scalar(Code).is_some_and(is_fine)
        }
        _ => false,
    };
    let speaks = |item: &Tree<'_>| {
        let members = Members::of(item);
        let has = |key: &Key| members.get(*key).is_some();
        matches!(item, Tree::Text(_)) || [Message, Code, Title, Detail, Error, Reason].iter().any(has)
    };
    let errors = members.get(Errors).map(Tree::as_list).unwrap_or_default().iter().any(speaks);
    // The error of a resource that the answer describes is no error of the answer.
    let describes = (members.get(Id).is_some() && members.get(JsonRpc).is_none())
        || members.get(Done).is_some()
        || tree.member("sid").is_some();
    (!describes && (error || errors))
        || says(Ok) == Some(false)
        || says(Success) == Some(false)
        || (!describes && (number(ErrCode) || number(ErrorCode)))
}

fn is_fine(code: &str) -> bool {
    code == "0" || code.eq_ignore_ascii_case("ok") || code.eq_ignore_ascii_case("success")
}

/// A number, and not zero.
fn is_not_zero(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') && text.bytes().any(|byte| byte != b'0')
}
