//! Parses a JSON text to a [`Value`], whatever the names of its keys.
//!
//! Within serde, serde_json passes numbers and raw values as objects with a private key, and its `Value`
//! interprets an object that was sent with such a key in the same way: the text in
//! `{"$serde_json::private::RawValue": "[[…]]"}` would be parsed as JSON, bypassing the nesting limit.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Number, Value};

/// A parsed JSON text.
pub(super) enum Tree {
    /// A value that was sent.
    Sent(Value),
    /// The digits of a number that is not a 64-bit integer, from serde_json's internal object. The text
    /// is owned, unlike a string that was sent.
    Digits(String),
}

impl Tree {
    pub(super) fn into_value(self) -> Value {
        match self {
            Self::Sent(value) => value,
            Self::Digits(text) => Value::String(text),
        }
    }
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TreeVisitor)
    }
}

struct TreeVisitor;

impl<'de> Visitor<'de> for TreeVisitor {
    type Value = Tree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_unit<E>(self) -> Result<Tree, E> {
        Ok(Tree::Sent(Value::Null))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Tree, E> {
        Ok(Tree::Sent(Value::Bool(value)))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Tree, E> {
        Ok(Tree::Sent(number.into()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Tree, E> {
        Ok(Tree::Sent(number.into()))
    }

    fn visit_str<E>(self, text: &str) -> Result<Tree, E> {
        Ok(Tree::Sent(Value::String(text.to_owned())))
    }

    fn visit_string<E>(self, digits: String) -> Result<Tree, E> {
        Ok(Tree::Digits(digits))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Tree, A::Error> {
        let mut array = Vec::new();
        while let Some(item) = items.next_element::<Tree>()? {
            array.push(item.into_value());
        }
        Ok(Tree::Sent(Value::Array(array)))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Tree, A::Error> {
        let mut object = Map::new();
        while let Some((key, member)) = members.next_entry()? {
            match member {
                Tree::Sent(value) => object.insert(key, value),
                Tree::Digits(text) => return number(&text),
            };
        }
        Ok(Tree::Sent(Value::Object(object)))
    }
}

fn number<E: Error>(digits: &str) -> Result<Tree, E> {
    let number: Number = digits.parse().map_err(E::custom)?;
    Ok(Tree::Sent(Value::Number(number)))
}
