//! Concurrent calls.

use std::{
    future::Future,
    panic,
    sync::Barrier,
    thread::{self, ScopedJoinHandle},
};

use tokio::{runtime::Handle, task};

/// Makes a call on `count` threads that start together. Returns the result of each.
///
/// It uses threads and not tasks, because calls that never wait would run one after another on a task.
///
/// # Panics
/// Panics if one of the calls panics, or if the current runtime isn't a multi-thread runtime.
///
/// ```
/// use doorward_conformance::{at_once, tokio::runtime::Runtime};
///
/// let results = Runtime::new()?.block_on(async { at_once(4, async |number| number * 2) });
/// assert_eq!(results, [0, 2, 4, 6]);
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn at_once<T, F>(count: usize, call: impl Fn(usize) -> F + Sync) -> Vec<T>
where
    T: Send,
    F: Future<Output = T>,
{
    let (runtime, start) = (Handle::current(), Barrier::new(count));
    let caller = |number| {
        start.wait();
        runtime.block_on(call(number))
    };
    let joined = |thread: ScopedJoinHandle<'_, T>| {
        thread.join().unwrap_or_else(|payload| panic::resume_unwind(payload))
    };
    task::block_in_place(|| {
        thread::scope(|scope| {
            let caller = &caller;
            let threads: Vec<_> =
                (0..count).map(|number| scope.spawn(move || caller(number))).collect();
            threads.into_iter().map(joined).collect()
        })
    })
}

/// Returns the number of callers that got `true`.
pub(crate) fn count_true(answers: Vec<bool>) -> usize {
    answers.into_iter().filter(|yes| *yes).count()
}
