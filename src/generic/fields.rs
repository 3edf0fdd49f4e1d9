//! The input fields that an error names: lists of items, maps from field to texts, or the one field of an error.

use super::keys::Key::{self, *};
use super::keys::{Members, means};
use super::reading::{Reading, offer};
use super::token::is_constant;
use crate::body::Tree;
use crate::failure::FieldError;
use crate::text::{filled, has_space, owned, push_decimal};

/// Lists and maps of errors; `false`: the name may mean anything.
const PLACES: [(Key, bool); 20] = [
    (Errors, true),
    (Details, false),
    (Detail, false),
    (Message, true),
    (Messages, false),
    (Issues, false),
    (Causes, false),
    (Violations, true),
    (ConstraintViolations, true),
    (InvalidParams, true),
    (InvalidFields, true),
    (Fields, true),
    (FieldErrors, true),
    (FormErrors, true),
    (ValidationErrors, true),
    (FieldViolations, true),
    (ModelState, true),
    (Error, false),
    (Data, false),
    (Embedded, false),
];

/// What is certain one object deeper, too.
const NESTED: [Key; 9] = [
    Errors,
    Causes,
    Violations,
    Fields,
    FieldErrors,
    ValidationErrors,
    InvalidParams,
    FieldViolations,
    Issues,
];

/// Lists whose items have the field in `name`.
const NAMED: [Key; 3] = [InvalidParams, InvalidFields, Fields];

/// The fields of an error and what else it names one in. `is_around`: another object is the error.
pub(super) fn read<'t>(members: &Members<'t>, is_around: bool, out: &mut Reading<'t>) {
    let known = out.fields.len();
    // JSend: the data of a failed call is the map.
    let is_jsend = members.text(Status) == Some("fail");
    for (key, is_certain) in PLACES {
        let Some(value) = members.get(key) else { continue };
        // Old OData has the text beside its language.
        if key == Message && value.member("value").is_some() {
            continue;
        }
        let is_of_texts = is_certain || (key == Data && is_jsend);
        let is_read = read_under(key, value, if is_of_texts { Values::Texts } else { Values::Errors }, out);
        if key == Fields {
            push_each(Some(value), out.message, out.code, &mut out.fields);
        }
        if !is_read && matches!(key, Details | Data | Embedded) {
            let inner = Members::of(value);
            for key in NESTED {
                if let Some(value) = inner.get(key) {
                    read_under(key, value, Values::Texts, out);
                }
            }
        }
    }
    if is_around || out.fields.len() > known {
        return;
    }
    let extensions = members.object(Extensions).map(Members::of);
    let field = extensions.and_then(|extensions| extensions.text(Field));
    let one = field.or_else(|| members.first_text(&[Param, Field, Target]));
    if let Some(path) = one {
        push(path, out.message.or(out.phrase), out.code, &mut out.fields);
    }
}

/// What stands under one of those names; `false`: neither a list nor a map of errors.
fn read_under<'t>(key: Key, value: &'t Tree<'t>, values: Values, out: &mut Reading<'t>) -> bool {
    match value {
        Tree::List(_) => read_list(value, NAMED.contains(&key), &mut out.fields),
        Tree::Map(_) if is_map(value, values) => read_map(value, "", out),
        _ => return false,
    }
    true
}

/// The items of a list that name a field.
pub(super) fn read_list(list: &Tree<'_>, by_name: bool, found: &mut Vec<FieldError>) {
    for item in list.as_list() {
        let mut item = item;
        // An item that is wrapped once more.
        if let [(_, inner @ Tree::Map(_))] = item.as_map() {
            item = inner;
        }
        let members = Members::of(item);
        if let Some(inner) = members.get(FieldViolations) {
            read_list(inner, by_name, found);
        }
        let (message, code) = own(&members);
        if let Some(path) = path(&members, by_name) {
            found.push(FieldError { path, message: owned(message), code: owned(code) });
        } else {
            push_each(members.get(Fields).or(members.get(MemberNames)), message, code, found);
        }
    }
}

fn path(members: &Members<'_>, by_name: bool) -> Option<String> {
    let text = |key| members.get(key).and_then(Tree::as_text).map(str::trim_ascii);
    let source = || {
        let source = Members::of(members.get(Source)?);
        [Pointer, Parameter, Header].into_iter().find_map(|key| source.get(key)?.as_text())
    };
    if let Some(source) = source() {
        return Some(source.to_owned());
    }
    if let Some(extensions) = members.object(Extensions) {
        return Members::of(extensions).text(Field).map(str::to_owned);
    }
    if members.get(Locations).is_some() {
        return None;
    }
    for key in [Loc, Path, Field] {
        if let Some(segments @ Tree::List(_)) = members.get(key)
            && !(key == Path && members.is_of_graphql())
        {
            return joined(segments);
        }
    }
    let is_parameter = text(LocationType) == Some("parameter");
    let keys = &[
        Field,
        Path,
        Param,
        Parameter,
        Target,
        In,
        Property,
        PropertyPath,
        InstancePath,
        Attribute,
        FieldName,
        Pointer,
        Loc,
    ];
    let named = keys.iter().find_map(|key| text(*key));
    let located = || if is_parameter { text(Location) } else { None };
    let by_its_name = || if by_name { text(Name) } else { None };
    named.or_else(located).or_else(by_its_name).map(str::to_owned)
}

/// Is that an error of a field?
pub(super) fn names_field(item: &Tree<'_>) -> bool {
    path(&Members::of(item), false).is_some()
}

/// Segments joined with dots.
pub(crate) fn joined(segments: &Tree<'_>) -> Option<String> {
    let mut path = String::new();
    for segment in segments.as_list() {
        join(&mut path, segment.scalar()?);
    }
    Some(path)
}

fn join(path: &mut String, segment: &str) {
    if !path.is_empty() {
        path.push('.');
    }
    path.push_str(segment);
}

/// The text and the code of an item.
fn own<'t>(members: &Members<'t>) -> (Option<&'t str>, Option<&'t str>) {
    let texts = [
        Message,
        Msg,
        Description,
        Detail,
        ErrorMessage,
        ErrorDescription,
        DefaultMessage,
        Title,
        Reason,
        Details,
        Error,
        Messages,
        Info,
    ];
    let codes = [Code, ErrorCode, Type, Reason, Issue, Error];
    let issue = || members.text(Issue).filter(|text| has_space(text));
    let first = |key: &Key| match members.get(*key)? {
        Tree::List(texts) if matches!(*key, Messages | Msg) => texts.first().and_then(Tree::as_text),
        text => text.as_text(),
    };
    let message = texts.iter().find_map(|key| filled(first(key)?)).or_else(issue);
    let code = codes
        .into_iter()
        .filter_map(|key| members.scalar(key).filter(|text| key != Type || !is_constant(text)))
        .find(|text| !has_space(text) && Some(*text) != message);
    let extended = || Members::of(members.object(Extensions)?).text(Code);
    (message, code.or_else(extended))
}

/// Does that body as a whole map fields to lists of texts?
pub(super) fn is_whole_map(tree: &Tree<'_>) -> bool {
    let members = tree.as_map();
    let may_be_envelope =
        |name: &str| means(name, &[ErrorMessages, Messages, Message, Detail, Details, Data, Text]);
    let is_envelope = |name: &str| means(name, &[Errors, Error, ErrorMessages, Response]);
    !members.iter().all(|(name, _)| may_be_envelope(name))
        && !members.iter().any(|(name, _)| is_envelope(name))
        && is_map(tree, Values::Lists)
}

/// What counts as a value in a map of fields, the stricter the less its name says.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Values {
    /// Lists of texts or errors, however deep.
    Lists,
    /// Errors as well: objects with a text.
    Errors,
    /// Texts as well.
    Texts,
}

/// Does that object map fields to what is wrong with them?
pub(super) fn is_map(tree: &Tree<'_>, values: Values) -> bool {
    let members = tree.as_map();
    // An error object has its own text, or a code.
    let is_error = values == Values::Texts
        && members.iter().any(|(name, value)| match value {
            Tree::Text(_) | Tree::Number(_) => means(name, &[Message, Code, Detail, Error]),
            value => means(name, &[Error]) && matches!(value, Tree::Map(_)),
        });
    // Names of lists and maps of errors are not those of fields.
    let is_container = |name: &str| {
        name == "errors"
            || means(
                name,
                &[FieldErrors, FormErrors, Issues, Causes, Violations, InvalidParams, FieldViolations],
            )
    };
    let holds_map = members.iter().any(|(name, value)| is_container(name) && !matches!(value, Tree::Text(_)));
    let is_text = |value: &Tree<'_>| matches!(value, Tree::Text(_));
    let is_empty = |value: &Tree<'_>| matches!(value, Tree::List(items) if items.is_empty());
    !members.iter().all(|(_, value)| is_empty(value))
        && !is_error
        && !holds_map
        && members.iter().all(|(_, value)| match value {
            Tree::Text(_) => values == Values::Texts,
            Tree::List(items) => {
                items.iter().all(is_text)
                    || items.iter().all(|item| {
                        matches!(item, Tree::Map(members) if members.is_empty() || has_text(item) || is_map(item, values))
                    })
            }
            Tree::Map(_) => is_map(value, values) || (values != Values::Lists && has_text(value)),
            _ => false,
        })
}

/// An item with a text of its own.
fn has_text(item: &Tree<'_>) -> bool {
    let members = Members::of(item);
    members.first_text(&[Message, Description]).is_some()
}

/// The fields of a map, one entry per text. Keys for the record as a whole give the message.
pub(super) fn read_map<'t>(map: &'t Tree<'t>, prefix: &str, out: &mut Reading<'t>) {
    for (name, value) in map.as_map() {
        let is_record = means(name, &[NonFieldErrors]) || (prefix.is_empty() && is_whole_record(name));
        if is_record && !matches!(value, Tree::Map(_)) {
            let first = value.as_list().first().unwrap_or(value);
            let (message, code) = own(&Members::of(first));
            out.code = out.code.or(code);
            if let Some(text) = first.as_text().and_then(filled).or(message) {
                offer(text, out.code, out);
            }
            continue;
        }
        let mut path = prefix.to_owned();
        if prefix.is_empty() || !means(name, &[Errors]) {
            join(&mut path, name);
        }
        read_entry(value, &path, out);
    }
}

/// A key of a field map that stands for the record as a whole.
pub(crate) fn is_whole_record(name: &str) -> bool {
    name == "_schema" || means(name, &[Base, NonFieldErrors, All, FormErrors, Error, Errors])
}

fn read_entry<'t>(value: &'t Tree<'t>, path: &str, out: &mut Reading<'t>) {
    match value {
        Tree::Text(text) => push(path, Some(text), None, &mut out.fields),
        Tree::List(items) => read_entries(items, path, out),
        Tree::Map(members) if !members.is_empty() => {
            let (message, code) = own(&Members::of(value));
            if message.is_some() {
                push(path, message, code, &mut out.fields);
            } else {
                read_map(value, path, out);
            }
        }
        _ => {}
    }
}

/// Texts and errors of the field itself, or records below it by their positions.
pub(super) fn read_entries<'t>(items: &'t [Tree<'t>], path: &str, out: &mut Reading<'t>) {
    for (index, item) in (0..).zip(items) {
        match item {
            Tree::Map(members) if !members.is_empty() && own(&Members::of(item)).0.is_none() => {
                let mut position = String::new();
                push_decimal(&mut position, index);
                let mut path = path.to_owned();
                join(&mut path, &position);
                read_map(item, &path, out);
            }
            _ => read_entry(item, path, out),
        }
    }
}

/// Fields that are named by a list of texts.
fn push_each(
    names: Option<&Tree<'_>>,
    message: Option<&str>,
    code: Option<&str>,
    found: &mut Vec<FieldError>,
) {
    for name in names.map(Tree::as_list).unwrap_or_default().iter().filter_map(Tree::as_text) {
        push(name, message, code, found);
    }
}

fn push(path: &str, message: Option<&str>, code: Option<&str>, found: &mut Vec<FieldError>) {
    found.push(FieldError {
        path: path.trim_ascii().to_owned(),
        message: owned(message.and_then(filled)),
        code: owned(code),
    });
}
