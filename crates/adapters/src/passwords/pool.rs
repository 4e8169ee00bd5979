use std::{
    collections::VecDeque,
    fmt,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
        mpsc::{Receiver, Sender, channel},
    },
    thread,
    time::{Duration, Instant},
};

use argon2::Block;
use doorward_domain::ports::Priority;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, oneshot},
    time::timeout,
};
use tracing::{Instrument, debug_span};

use super::{
    observe::{Observer, TurnedAway},
    patience::nobody_waits,
};

/// The memory that one thread hashes in. It is kept from hash to hash: asking the system for it
/// anew costs a third of the time.
pub(super) struct Memory {
    kept: Vec<Block>,
    most: usize,
}

impl Memory {
    /// Keeps as many blocks as this at most, so that one costly hash does not hold its memory for good.
    pub(super) fn keeping(most: usize) -> Self {
        Self { kept: Vec::new(), most }
    }

    pub(super) fn lend<T>(&mut self, count: usize, hash: impl FnOnce(&mut [Block]) -> T) -> T {
        if count > self.most {
            return hash(&mut vec![Block::new(); count]);
        }
        if self.kept.len() < count {
            self.kept.resize(count, Block::new());
        }
        hash(self.kept.get_mut(..count).unwrap_or_default())
    }
}

type Job = Box<dyn FnOnce(&mut Memory) + Send>;

/// Threads that do nothing but hash, behind a queue of bounded length and bounded time.
#[derive(Debug)]
pub(super) struct HashPool {
    /// Tells the threads that one more waits, and by its end that none will.
    arrivals: Sender<()>,
    waiting: Arc<Mutex<Lanes>>,
    places: Arc<Semaphore>,
    /// Those of the places that unrecognized clients may take. The others are few, as their turn comes first.
    open_places: Arc<Semaphore>,
    size: usize,
    wait: Duration,
    busy: Arc<AtomicUsize>,
    observer: Option<Arc<dyn Observer>>,
}

/// The jobs that wait, in their order.
#[derive(Default)]
struct Lanes {
    recognized: VecDeque<Arc<Queued>>,
    unrecognized: VecDeque<Arc<Queued>>,
}

impl Lanes {
    fn of(&mut self, priority: Priority) -> &mut VecDeque<Arc<Queued>> {
        match priority {
            Priority::Recognized => &mut self.recognized,
            Priority::Unrecognized => &mut self.unrecognized,
        }
    }

    fn next(&mut self) -> Option<Arc<Queued>> {
        self.recognized.pop_front().or_else(|| self.unrecognized.pop_front())
    }
}

impl fmt::Debug for Lanes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let waiting = (self.recognized.len(), self.unrecognized.len());
        f.debug_tuple("Lanes").field(&waiting).finish()
    }
}

/// A place in the queue, and where it is an open one, that as well.
type Place = (OwnedSemaphorePermit, Option<OwnedSemaphorePermit>);

/// A job with its place in the queue, until its turn comes or the caller goes away, whichever is first.
struct Queued(Mutex<Option<(Place, Job)>>);

impl Queued {
    fn take(&self) -> Option<(Place, Job)> {
        lock(&self.0).take()
    }
}

/// Whoever leaves makes room at once, and leaves nothing of the job behind.
struct TakenBack(Arc<Queued>);

impl Drop for TakenBack {
    fn drop(&mut self) {
        drop(self.0.take());
    }
}

/// The queue is full or too slow, or the threads are gone.
#[derive(Debug)]
pub(super) struct QueueFull;

impl HashPool {
    pub(super) fn start(
        threads: usize,
        queue: usize,
        wait: Duration,
        nice: i32,
        blocks: usize,
    ) -> std::io::Result<Self> {
        let (arrivals, receiver) = channel();
        let waiting = Arc::new(Mutex::new(Lanes::default()));
        let receiver = Arc::new(Mutex::new(receiver));
        let busy = Arc::new(AtomicUsize::new(0));
        for number in 0..threads {
            let (receiver, waiting, busy) = (receiver.clone(), waiting.clone(), busy.clone());
            thread::Builder::new()
                .name(format!("hash-{number}"))
                .spawn(move || work(&receiver, &waiting, &busy, nice, Memory::keeping(blocks)))?;
        }
        let places = Arc::new(Semaphore::new(queue));
        let open_places = Arc::new(Semaphore::new(open_places(queue)));
        Ok(Self { arrivals, waiting, places, open_places, size: queue, wait, busy, observer: None })
    }

    /// Tells somebody of every job.
    pub(super) fn observed_by(self, observer: Arc<dyn Observer>) -> Self {
        Self { observer: Some(observer), ..self }
    }

    /// Returns `true` if one more would be refused.
    pub(super) fn is_full(&self, priority: Priority) -> bool {
        self.places.available_permits() == 0
            || (priority == Priority::Unrecognized && self.open_places.available_permits() == 0)
    }

    fn place(&self, priority: Priority) -> Option<Place> {
        let open = match priority {
            Priority::Recognized => None,
            Priority::Unrecognized => Some(self.open_places.clone().try_acquire_owned().ok()?),
        };
        Some((self.places.clone().try_acquire_owned().ok()?, open))
    }

    /// How many wait.
    pub(super) fn waiting(&self) -> usize {
        self.size - self.places.available_permits().min(self.size)
    }

    /// How many threads are at work.
    pub(super) fn busy(&self) -> usize {
        self.busy.load(Ordering::Relaxed)
    }

    fn turn_away(&self, why: TurnedAway) -> QueueFull {
        if let Some(observer) = &self.observer {
            observer.turned_away(why);
        }
        QueueFull
    }

    /// Runs a job, unless the caller goes away or has waited too long before its turn comes.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        priority: Priority,
        job: impl FnOnce(&mut Memory) -> T + Send + 'static,
    ) -> Result<T, QueueFull> {
        let place = self.place(priority).ok_or_else(|| self.turn_away(TurnedAway::Full))?;
        let (begin, begun) = oneshot::channel();
        let (answer, answered) = oneshot::channel();
        let (observer, queued_at) = (self.observer.clone(), Instant::now());
        let job: Job = Box::new(move |memory: &mut Memory| {
            let begun_at = Instant::now();
            // Nobody is left to hear it if these fail.
            let _ = begin.send(());
            let outcome = job(memory);
            if let Some(observer) = observer {
                observer.hashed(begun_at - queued_at, begun_at.elapsed());
            }
            let _ = answer.send(outcome);
        });
        let queued = Arc::new(Queued(Mutex::new(Some((place, job)))));
        lock(&self.waiting).of(priority).push_back(queued.clone());
        self.arrivals.send(()).map_err(|_| QueueFull)?;
        let taken_back = TakenBack(queued);
        self.turn(begun).instrument(debug_span!("hash queue")).await?;
        drop(taken_back);
        // What has begun comes to its end, and counts as done.
        answered.instrument(debug_span!("hash")).await.map_err(|_gone| QueueFull)
    }

    /// Waits for a job's turn, as long as that makes sense.
    async fn turn(&self, begun: oneshot::Receiver<()>) -> Result<(), QueueFull> {
        tokio::select! {
            begun = timeout(self.wait, begun) => {
                begun.map_err(|_late| self.turn_away(TurnedAway::Late))?.map_err(|_gone| QueueFull)
            }
            () = nobody_waits() => Err(QueueFull),
        }
    }
}

/// How many of the places in the queue unrecognized clients may take: seven of eight, and the only one there is.
fn open_places(queue: usize) -> usize {
    (queue - (queue / 8).max(1).min(queue)).max(1)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn work(
    arrivals: &Mutex<Receiver<()>>,
    waiting: &Mutex<Lanes>,
    busy: &AtomicUsize,
    nice: i32,
    mut memory: Memory,
) {
    lower_priority(nice);
    loop {
        let arrival = lock(arrivals).recv();
        let Ok(()) = arrival else { return };
        let queued = lock(waiting).next();
        if let Some((place, job)) = queued.and_then(|queued| queued.take()) {
            busy.fetch_add(1, Ordering::Relaxed);
            drop(place);
            job(&mut memory);
            busy.fetch_sub(1, Ordering::Relaxed);
        }
    }
}

/// Lets everything else go first. Only on Linux is this the matter of a thread and not of the process.
#[cfg(target_os = "linux")]
fn lower_priority(nice: i32) {
    let thread = rustix::thread::gettid();
    if let Err(error) = rustix::process::setpriority_process(Some(thread), nice) {
        tracing::debug!(%error, "the hashing threads keep the normal priority");
    }
}

#[cfg(not(target_os = "linux"))]
fn lower_priority(_nice: i32) {}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use super::*;
    use crate::passwords::Waiting;

    const LONG: Duration = Duration::from_secs(60);
    const RECOGNIZED: Priority = Priority::Recognized;
    const UNRECOGNIZED: Priority = Priority::Unrecognized;

    /// Keeps the one thread busy until the sender is dropped.
    fn block(pool: &Arc<HashPool>) -> Sender<()> {
        let (release, released) = channel::<()>();
        let (started, has_started) = channel();
        let pool = pool.clone();
        tokio::spawn(async move {
            let job = move |_: &mut Memory| {
                started.send(()).unwrap();
                let _ = released.recv();
            };
            pool.run(RECOGNIZED, job).await.unwrap();
        });
        tokio::task::block_in_place(|| has_started.recv().unwrap());
        release
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn as_many_wait_as_there_are_places() {
        let pool = Arc::new(HashPool::start(1, 2, LONG, 0, 0).unwrap());
        let release = block(&pool);
        assert!(!pool.is_full(RECOGNIZED), "what runs does not wait");
        let mut waiting: Vec<_> = (0..2).map(|_| Box::pin(pool.run(RECOGNIZED, |_| 7))).collect();
        for job in &mut waiting {
            assert!(futures::poll!(job).is_pending());
        }
        assert!(pool.is_full(RECOGNIZED));
        assert!(pool.run(RECOGNIZED, |_| 7).await.is_err());
        drop(release);
        for job in waiting {
            assert_eq!(job.await.unwrap(), 7);
        }
        assert!(!pool.is_full(RECOGNIZED));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn unrecognized_clients_leave_places_to_recognized_ones() {
        assert_eq!([1, 2, 4, 8, 16, 256].map(open_places), [1, 1, 3, 7, 14, 224]);
        let pool = Arc::new(HashPool::start(1, 4, LONG, 0, 0).unwrap());
        let release = block(&pool);
        let mut flood: Vec<_> = (0..3).map(|_| Box::pin(pool.run(UNRECOGNIZED, |_| 7))).collect();
        for job in &mut flood {
            assert!(futures::poll!(job).is_pending());
        }
        assert!(pool.is_full(UNRECOGNIZED) && !pool.is_full(RECOGNIZED));
        assert!(pool.run(UNRECOGNIZED, |_| 7).await.is_err());
        let mut known: Vec<_> = (0..1).map(|_| Box::pin(pool.run(RECOGNIZED, |_| 7))).collect();
        for job in &mut known {
            assert!(futures::poll!(job).is_pending());
        }
        assert!(pool.is_full(RECOGNIZED));
        drop(flood);
        assert!(!pool.is_full(UNRECOGNIZED), "a client that left made room");
        drop(release);
        for job in known {
            assert_eq!(job.await.unwrap(), 7);
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn recognized_client_that_comes_later_is_hashed_for_first() {
        let pool = Arc::new(HashPool::start(1, 4, LONG, 0, 0).unwrap());
        let release = block(&pool);
        let order = Arc::new(Mutex::new(Vec::new()));
        let job = |priority| {
            let order = order.clone();
            Box::pin(pool.run(priority, move |_| lock(&order).push(priority)))
        };
        let mut jobs = [UNRECOGNIZED, UNRECOGNIZED, RECOGNIZED].map(job);
        for job in &mut jobs {
            assert!(futures::poll!(job).is_pending());
        }
        drop(release);
        futures::future::join_all(jobs).await;
        assert_eq!(*lock(&order), [RECOGNIZED, UNRECOGNIZED, UNRECOGNIZED]);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn who_goes_away_makes_room_at_once_and_is_not_worked_for() {
        let pool = Arc::new(HashPool::start(1, 1, LONG, 0, 0).unwrap());
        let release = block(&pool);
        let (waiting, gone) = Waiting::begin();
        let done = Arc::new(AtomicBool::new(false));
        let (queue, flag) = (pool.clone(), done.clone());
        let work =
            async move { queue.run(RECOGNIZED, move |_| flag.store(true, Ordering::SeqCst)).await };
        let mut work = Box::pin(gone.ends_queueing(work));
        assert!(futures::poll!(&mut work).is_pending());
        assert!(pool.is_full(RECOGNIZED));
        drop(waiting);
        assert!(work.await.is_err());
        assert!(!pool.is_full(RECOGNIZED), "while the thread is still at work");
        drop(release);
        assert_eq!(pool.run(RECOGNIZED, |_| 7).await.unwrap(), 7);
        assert!(!done.load(Ordering::SeqCst));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn nobody_waits_too_long_and_what_was_given_up_is_not_done() {
        let pool = Arc::new(HashPool::start(1, 9, LONG, 0, 0).unwrap());
        let release = block(&pool);
        let impatient = HashPool {
            arrivals: pool.arrivals.clone(),
            waiting: pool.waiting.clone(),
            places: pool.places.clone(),
            open_places: pool.open_places.clone(),
            size: pool.size,
            wait: Duration::from_millis(1),
            busy: pool.busy.clone(),
            observer: None,
        };
        let done = Arc::new(AtomicBool::new(false));
        let flag = done.clone();
        assert!(
            impatient.run(RECOGNIZED, move |_| flag.store(true, Ordering::SeqCst)).await.is_err()
        );
        assert_eq!(pool.waiting(), 0, "it has left");
        drop(release);
        // The thread goes on, and skips what nobody waits for.
        assert_eq!(pool.run(RECOGNIZED, |_| 7).await.unwrap(), 7);
        assert!(!done.load(Ordering::SeqCst));
    }

    /// What a pool said.
    #[derive(Debug, Default)]
    struct Heard {
        hashes: Mutex<Vec<(Duration, Duration)>>,
        turned_away: Mutex<Vec<TurnedAway>>,
    }

    impl Observer for Heard {
        fn hashed(&self, waited: Duration, took: Duration) {
            self.hashes.lock().unwrap().push((waited, took));
        }

        fn turned_away(&self, why: TurnedAway) {
            self.turned_away.lock().unwrap().push(why);
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn an_observer_is_told_of_waits_of_work_and_of_who_is_turned_away() {
        let heard = Arc::new(Heard::default());
        let pool = HashPool::start(1, 1, LONG, 0, 0).unwrap().observed_by(heard.clone());
        let pool = Arc::new(pool);
        let release = block(&pool);
        assert_eq!(pool.busy(), 1);
        let mut waiting =
            Box::pin(pool.run(RECOGNIZED, |_| thread::sleep(Duration::from_millis(20))));
        assert!(futures::poll!(&mut waiting).is_pending());
        assert!(pool.run(RECOGNIZED, |_| 7).await.is_err());
        thread::sleep(Duration::from_millis(30));
        drop(release);
        waiting.await.unwrap();
        assert_eq!(*heard.turned_away.lock().unwrap(), [TurnedAway::Full]);
        let hashes = heard.hashes.lock().unwrap();
        let [(first, held), (waited, took)] = hashes[..] else { panic!("{hashes:?}") };
        assert!(first < held, "it was held up, and did not wait: {hashes:?}");
        assert!(
            waited >= Duration::from_millis(30) && took >= Duration::from_millis(20),
            "{hashes:?}"
        );
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_has_begun_comes_to_its_end_however_long_it_takes() {
        let pool = HashPool::start(1, 9, Duration::from_secs(5), 0, 0).unwrap();
        let impatient = HashPool { wait: Duration::from_millis(50), ..pool };
        let slow = |_: &mut Memory| thread::sleep(Duration::from_millis(120));
        assert!(impatient.run(RECOGNIZED, slow).await.is_ok());
    }
}
