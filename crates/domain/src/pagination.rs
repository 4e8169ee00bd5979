//! Cursor-based pagination. A page is requested by the key of the last item before it, not by number, so
//! items that are added meanwhile don't shift the pages.

use crate::field::FieldError;

/// A request for one page of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageQuery<Id> {
    /// The maximum number of items.
    pub limit: PageSize,
    /// The last item of the previous page; `None` for the first page.
    pub after: Option<Id>,
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T, Id> {
    /// The items, in the order of the list.
    pub items: Vec<T>,
    /// The item after which the next page begins; `None` if this is the last page.
    pub next: Option<Id>,
}

/// The maximum number of items of a page: 1–100, by default 50.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageSize(u8);

impl PageSize {
    /// The minimum.
    pub const MIN: i64 = 1;
    /// The maximum.
    pub const MAX: i64 = 100;
    /// The default.
    pub const DEFAULT: Self = Self(50);

    /// Creates a page size.
    ///
    /// # Errors
    /// Returns [`FieldError::TooSmall`] or [`FieldError::TooGreat`] if the number is out of range.
    ///
    /// ```
    /// use doorward_domain::pagination::PageSize;
    ///
    /// assert_eq!(PageSize::new(20)?.get(), 20);
    /// assert!(PageSize::new(101).is_err());
    /// # Ok::<(), doorward_domain::field::FieldError>(())
    /// ```
    pub fn new(number: i64) -> Result<Self, FieldError> {
        match u8::try_from(number) {
            Ok(limit) if (Self::MIN..=Self::MAX).contains(&number) => Ok(Self(limit)),
            _ if number < Self::MIN => Err(FieldError::TooSmall { min: Self::MIN }),
            Ok(_) | Err(_) => Err(FieldError::TooGreat { max: Self::MAX }),
        }
    }

    /// Returns the number.
    pub fn get(self) -> usize {
        self.0.into()
    }
}

impl<T, Id> Page<T, Id> {
    /// Creates a page from the result of a query that requested one item more than the limit. The extra item
    /// isn't part of the page; it shows that there is a next page.
    ///
    /// ```
    /// use doorward_domain::pagination::{Page, PageSize};
    ///
    /// let page = Page::new(vec![9, 8, 7], PageSize::new(2)?, |item| *item);
    /// assert_eq!(page.items, [9, 8]);
    /// assert_eq!(page.next, Some(8));
    /// # Ok::<(), doorward_domain::field::FieldError>(())
    /// ```
    pub fn new(mut found: Vec<T>, limit: PageSize, id: impl Fn(&T) -> Id) -> Self {
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
    fn page_limit_accepts_1_to_100() {
        assert_eq!(PageSize::new(0), Err(FieldError::TooSmall { min: 1 }));
        assert_eq!(PageSize::new(i64::MIN), Err(FieldError::TooSmall { min: 1 }));
        assert_eq!(PageSize::new(101), Err(FieldError::TooGreat { max: 100 }));
        assert_eq!(PageSize::new(i64::MAX), Err(FieldError::TooGreat { max: 100 }));
        assert_eq!(PageSize::new(100).unwrap().get(), 100);
    }

    #[test]
    fn next_page_is_set_only_if_there_is_one() {
        let limit = PageSize::new(2).unwrap();
        let page = |found: &[u8]| Page::new(found.to_vec(), limit, |item| *item);
        assert_eq!(page(&[3, 2, 1]), Page { items: vec![3, 2], next: Some(2) });
        assert_eq!(page(&[3, 2]), Page { items: vec![3, 2], next: None });
        assert_eq!(page(&[]), Page { items: vec![], next: None });
    }
}
