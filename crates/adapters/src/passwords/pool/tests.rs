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
    assert!(impatient.run(RECOGNIZED, move |_| flag.store(true, Ordering::SeqCst)).await.is_err());
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
    let mut waiting = Box::pin(pool.run(RECOGNIZED, |_| thread::sleep(Duration::from_millis(20))));
    assert!(futures::poll!(&mut waiting).is_pending());
    assert!(pool.run(RECOGNIZED, |_| 7).await.is_err());
    thread::sleep(Duration::from_millis(30));
    drop(release);
    waiting.await.unwrap();
    assert_eq!(*heard.turned_away.lock().unwrap(), [TurnedAway::Full]);
    let hashes = heard.hashes.lock().unwrap();
    let [(first, held), (waited, took)] = hashes[..] else { panic!("{hashes:?}") };
    assert!(first < held, "it was held up, and did not wait: {hashes:?}");
    assert!(waited >= Duration::from_millis(30) && took >= Duration::from_millis(20), "{hashes:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_begun_comes_to_its_end_however_long_it_takes() {
    let pool = HashPool::start(1, 9, Duration::from_secs(5), 0, 0).unwrap();
    let impatient = HashPool { wait: Duration::from_millis(50), ..pool };
    let slow = |_: &mut Memory| thread::sleep(Duration::from_millis(120));
    assert!(impatient.run(RECOGNIZED, slow).await.is_ok());
}
