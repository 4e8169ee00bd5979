//! Lists come in pages, by the key of their last item and not by number, so that what is added
//! meanwhile moves nothing.

use crate::field::FieldError;

/// Which page of a list is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageRequest<Id> {
    /// How many items it may have.
    pub limit: PageLimit,
    /// The last item of the page before; `None` for the first page.
    pub after: Option<Id>,
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T, Id> {
    /// The items, in the order of the list.
    pub items: Vec<T>,
    /// What the next page comes after; `None` where there is no next page.
    pub next: Option<Id>,
}

/// How many items a page may have: 1–100, and 50 where nothing is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageLimit(u8);

impl PageLimit {
    /// The least.
    pub const MIN: i64 = 1;
    /// The greatest.
    pub const MAX: i64 = 100;
    /// Where nothing is said.
    pub const DEFAULT: Self = Self(50);

    /// Judges a number.
    ///
    /// # Errors
    /// [`FieldError::TooSmall`] or [`FieldError::TooGreat`].
    pub fn new(number: i64) -> Result<Self, FieldError> {
        match u8::try_from(number) {
            Ok(limit) if (Self::MIN..=Self::MAX).contains(&number) => Ok(Self(limit)),
            _ if number < Self::MIN => Err(FieldError::TooSmall { min: Self::MIN }),
            Ok(_) | Err(_) => Err(FieldError::TooGreat { max: Self::MAX }),
        }
    }

    /// The number.
    pub fn get(self) -> usize {
        self.0.into()
    }
}

impl<T, Id> Page<T, Id> {
    /// Makes a page of what a query found that asked for one more than fit in it.
    pub fn new(mut found: Vec<T>, limit: PageLimit, id: impl Fn(&T) -> Id) -> Self {
        let more = found.len() > limit.get();
        found.truncate(limit.get());
        let next = found.last().filter(|_| more).map(id);
        Self { items: found, next }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_from_1_to_100() {
        assert_eq!(PageLimit::new(0), Err(FieldError::TooSmall { min: 1 }));
        assert_eq!(PageLimit::new(i64::MIN), Err(FieldError::TooSmall { min: 1 }));
        assert_eq!(PageLimit::new(101), Err(FieldError::TooGreat { max: 100 }));
        assert_eq!(PageLimit::new(i64::MAX), Err(FieldError::TooGreat { max: 100 }));
        assert_eq!(PageLimit::new(100).unwrap().get(), 100);
    }

    #[test]
    fn the_next_page_is_named_only_where_there_is_one() {
        let limit = PageLimit::new(2).unwrap();
        let page = |found: &[u8]| Page::new(found.to_vec(), limit, |item| *item);
        assert_eq!(page(&[3, 2, 1]), Page { items: vec![3, 2], next: Some(2) });
        assert_eq!(page(&[3, 2]), Page { items: vec![3, 2], next: None });
        assert_eq!(page(&[]), Page { items: vec![], next: None });
    }
}
