//! Metrics of the process, under the standard names of Prometheus clients. Only available on Linux.

use prometheus_client::registry::Registry;

#[cfg(target_os = "linux")]
pub(super) fn collect(registry: &mut Registry) {
    if let Err(error) = linux::collect(registry) {
        tracing::warn!(%error, "process metrics omitted");
    }
}

#[cfg(not(target_os = "linux"))]
pub(super) fn collect(_registry: &mut Registry) {}

#[cfg(target_os = "linux")]
mod linux {
    use procfs::{CurrentSI, KernelStats, ProcResult, WithCurrentSystemInfo, process::Process};
    use prometheus_client::{
        metrics::{counter::ConstCounter, gauge::ConstGauge},
        registry::Registry,
    };

    use super::super::whole;

    #[expect(clippy::cast_precision_loss, reason = "ticks since the start are far below 2^52")]
    fn seconds(ticks: u64) -> f64 {
        ticks as f64 / procfs::ticks_per_second() as f64
    }

    pub(super) fn collect(registry: &mut Registry) -> ProcResult<()> {
        let process = Process::myself()?;
        let stat = process.stat()?;
        let (cpu, memory) = (stat.utime + stat.stime, stat.rss_bytes().get());
        let booted = whole(KernelStats::current()?.btime);
        let started = seconds(stat.starttime) + booted as f64;
        let cpu = ConstCounter::new(seconds(cpu));
        registry.register("process_cpu_seconds", "CPU time", cpu);
        let memory = ConstGauge::new(whole(memory));
        registry.register("process_resident_memory_bytes", "Resident memory", memory);
        let open = ConstGauge::new(whole(process.fd_count()?));
        registry.register("process_open_fds", "Open file descriptors", open);
        if let procfs::process::LimitValue::Value(most) =
            process.limits()?.max_open_files.soft_limit
        {
            let about = "Maximum number of open file descriptors";
            registry.register("process_max_fds", about, ConstGauge::new(whole(most)));
        }
        let about = "Start time of the process, in seconds since the Unix epoch";
        registry.register("process_start_time_seconds", about, ConstGauge::new(started));
        Ok(())
    }
}
