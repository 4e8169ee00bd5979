//! Lists of addresses and origins in the forms in which operators write them.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, de};

use super::options::array;

/// Strings without white space: an array in the file, or one string in which commas, semicolons, or white space separate
/// them. Empty elements are skipped, so a trailing comma or an empty variable in a template is harmless.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Texts(pub Vec<String>);

impl FromStr for Texts {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some(array) = array(text) {
            return array.map(Self);
        }
        let items = text.split(|c: char| matches!(c, ',' | ';') || c.is_whitespace());
        Ok(Self(items.filter(|item| !item.is_empty()).map(str::to_owned).collect()))
    }
}

impl<'de> Deserialize<'de> for Texts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl<'de> de::Visitor<'de> for Visitor {
            type Value = Texts;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array of strings")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Texts, E> {
                text.parse().map_err(E::custom)
            }

            fn visit_seq<A: de::SeqAccess<'de>>(self, mut items: A) -> Result<Texts, A::Error> {
                let mut texts = Vec::new();
                while let Some(item) = items.next_element::<String>()? {
                    let Texts(more) = item.parse().map_err(de::Error::custom)?;
                    texts.extend(more);
                }
                Ok(Texts(texts))
            }
        }

        deserializer.deserialize_any(Visitor)
    }
}

impl fmt::Display for Texts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(","))
    }
}

impl<T: fmt::Display> FromIterator<T> for Texts {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Self(items.into_iter().map(|item| item.to_string()).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct File {
        list: Texts,
    }

    fn in_a_file(toml: &str) -> Vec<String> {
        toml::from_str::<File>(&format!("list = {toml}")).unwrap().list.0
    }

    #[test]
    fn list_is_split_at_separators_and_empty_elements_are_skipped() {
        for text in ["a;b", "a; b;", "a,b", " a , b ", "a,,b,", ",a b", "a\nb\n", "\ta\t b"] {
            assert_eq!(text.parse(), Ok(Texts(vec!["a".to_owned(), "b".to_owned()])), "{text:?}");
        }
        for text in ["", " ", ",", " , ,"] {
            assert_eq!(text.parse(), Ok(Texts::default()), "{text:?}");
        }
    }

    #[test]
    fn list_in_the_file_is_an_array_or_a_string() {
        for toml in ["['a', 'b']", "['a', '', 'b,']", "'a, b'", "['a b']"] {
            assert_eq!(in_a_file(toml), ["a", "b"], "{toml}");
        }
        assert!(toml::from_str::<File>("list = [1]").is_err());
        assert!(toml::from_str::<File>("list = 1").is_err());
    }
}
