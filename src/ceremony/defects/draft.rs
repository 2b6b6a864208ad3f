//! What edits of registrations and of assertions have in common.

use serde_json::Value;

use crate::ceremony::{Assertion, AuthenticatorData, ClientData, Registration};

/// A draft of either ceremony.
pub(super) trait Draft {
    fn client_data(&mut self) -> &mut ClientData;
    fn authenticator_data(&mut self) -> &mut AuthenticatorData;
    fn rp_id(&self) -> &str;
    fn document(&self) -> Value;
    fn replace(&mut self, document: Value);
}

impl Draft for Registration {
    fn client_data(&mut self) -> &mut ClientData {
        &mut self.client_data
    }
    fn authenticator_data(&mut self) -> &mut AuthenticatorData {
        &mut self.authenticator_data
    }
    fn rp_id(&self) -> &str {
        &self.rp_id
    }
    fn document(&self) -> Value {
        self.document()
    }
    fn replace(&mut self, document: Value) {
        self.instead = Some(document);
    }
}

impl Draft for Assertion {
    fn client_data(&mut self) -> &mut ClientData {
        &mut self.client_data
    }
    fn authenticator_data(&mut self) -> &mut AuthenticatorData {
        &mut self.authenticator_data
    }
    fn rp_id(&self) -> &str {
        &self.rp_id
    }
    fn document(&self) -> Value {
        self.document()
    }
    fn replace(&mut self, document: Value) {
        self.instead = Some(document);
    }
}

/// Edits the bytes of the client data.
pub(super) fn client_data_bytes<T: Draft>(draft: &mut T, edit: impl FnOnce(Vec<u8>) -> Vec<u8>) {
    let data = draft.client_data();
    data.instead = Some(edit(data.bytes()));
}

/// Edits the text of the client data.
pub(super) fn client_data_text<T: Draft>(draft: &mut T, edit: impl FnOnce(&str) -> String) {
    client_data_bytes(draft, |bytes| edit(&String::from_utf8_lossy(&bytes)).into_bytes());
}

/// Edits the bytes of the authenticator data.
pub(super) fn authenticator_bytes<T: Draft>(draft: &mut T, edit: impl FnOnce(&mut Vec<u8>)) {
    let data = draft.authenticator_data();
    let mut bytes = data.bytes();
    edit(&mut bytes);
    data.instead = Some(bytes);
}

/// Edits the document.
pub(super) fn document<T: Draft>(draft: &mut T, edit: impl FnOnce(&mut Value)) {
    let mut document = draft.document();
    edit(&mut document);
    draft.replace(document);
}

/// Edits a member of the document that is text; `pointer` is a JSON pointer (RFC 6901).
pub(super) fn text<T: Draft>(draft: &mut T, pointer: &str, edit: impl FnOnce(&str) -> String) {
    document(draft, |document| {
        if let Some(member) = document.pointer_mut(pointer) {
            *member = edit(member.as_str().unwrap_or_default()).into();
        }
    });
}

/// Gives a member of the document another value; `pointer` is a JSON pointer (RFC 6901).
pub(super) fn set<T: Draft>(draft: &mut T, pointer: &str, value: impl Into<Value>) {
    document(draft, |document| {
        let (parent, name) = pointer.rsplit_once('/').unwrap_or_default();
        if let Some(parent) = document.pointer_mut(parent).and_then(Value::as_object_mut) {
            parent.insert(name.to_owned(), value.into());
        }
    });
}

/// Takes a member of the document away; `pointer` is a JSON pointer (RFC 6901).
pub(super) fn remove<T: Draft>(draft: &mut T, pointer: &str) {
    document(draft, |document| {
        let (parent, name) = pointer.rsplit_once('/').unwrap_or_default();
        if let Some(parent) = document.pointer_mut(parent).and_then(Value::as_object_mut) {
            parent.shift_remove(name);
        }
    });
}
