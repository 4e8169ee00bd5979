use std::{collections::BTreeMap, sync::Arc};

/// A table in the order of its keys. A copy costs next to nothing until one of the two is written to.
#[derive(Debug)]
pub struct Table<K, V>(Arc<BTreeMap<K, Arc<V>>>);

impl<K, V> Default for Table<K, V> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<K, V> Clone for Table<K, V> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<K: Ord + Clone, V: Clone> Table<K, V> {
    /// Returns the row with a key.
    pub fn get(&self, key: &K) -> Option<&V> {
        self.0.get(key).map(AsRef::as_ref)
    }

    /// Returns `true` if there is a row with the key.
    pub fn contains(&self, key: &K) -> bool {
        self.0.contains_key(key)
    }

    /// Returns all rows with their keys, in the order of the keys.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&K, &V)> {
        self.0.iter().map(|(key, row)| (key, row.as_ref()))
    }

    /// Returns all rows in the order of their keys.
    pub fn rows(&self) -> impl DoubleEndedIterator<Item = &V> {
        self.0.values().map(AsRef::as_ref)
    }

    /// Returns `true` if two tables are copies that weren't written to. This is a quick check that may return
    /// `false` for equal tables.
    pub fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    pub(super) fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        if !self.contains(key) {
            return None;
        }
        Arc::make_mut(&mut self.0).get_mut(key).map(Arc::make_mut)
    }

    /// Returns the rows that satisfy a condition, to change them.
    pub(super) fn matching(
        &mut self,
        condition: impl Fn(&V) -> bool,
    ) -> impl Iterator<Item = &mut V> {
        let rows = Arc::make_mut(&mut self.0).values_mut();
        rows.filter(move |row| condition(row)).map(Arc::make_mut)
    }

    /// Adds a row unless its key exists. Returns `true` if it did; otherwise the existing row stays.
    pub(super) fn insert(&mut self, key: K, row: V) -> bool {
        if self.contains(&key) {
            return false;
        }
        Arc::make_mut(&mut self.0).insert(key, Arc::new(row));
        true
    }

    pub(super) fn remove(&mut self, key: &K) -> bool {
        self.contains(key) && Arc::make_mut(&mut self.0).remove(key).is_some()
    }

    /// Removes the rows that satisfy a condition. Returns their number.
    pub(super) fn remove_all(&mut self, condition: impl Fn(&V) -> bool) -> usize {
        if !self.rows().any(&condition) {
            return 0;
        }
        let before = self.0.len();
        Arc::make_mut(&mut self.0).retain(|_, row| !condition(row));
        before - self.0.len()
    }

    /// Removes up to `limit` rows that satisfy a condition. Returns their number.
    pub(super) fn remove_some(&mut self, limit: u32, condition: impl Fn(&K, &V) -> bool) -> usize {
        let limit = limit.try_into().unwrap_or(usize::MAX);
        let found = self.0.iter().filter(|(key, row)| condition(key, row)).take(limit);
        let keys: Vec<K> = found.map(|(key, _)| key.clone()).collect();
        if !keys.is_empty() {
            Arc::make_mut(&mut self.0).retain(|key, _| !keys.contains(key));
        }
        keys.len()
    }
}
