//! Callers at the same moment.

use std::{
    future::Future,
    panic,
    sync::Barrier,
    thread::{self, ScopedJoinHandle},
};

use tokio::{runtime::Handle, task};

/// Makes a call on many threads that start together, and answers what each of them heard.
///
/// Threads and not tasks, because calls that never wait would run one after the other on a task.
///
/// # Panics
/// One of the calls does, or this is no multi-thread runtime.
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

/// How many of the callers heard yes.
pub(crate) fn count_yes(answers: Vec<bool>) -> usize {
    answers.into_iter().filter(|yes| *yes).count()
}
