using System.Diagnostics;
using System.Security.Cryptography;

namespace Holoflow.Servers;

/// <summary>
/// A Slurm of four nodes on this machine, from Debian's packages slurm-wlm and munge: a controller and a daemon a node, with a key, ports and files of
/// its own, on loopback. Nodes and controller can be killed and started again. Partitions: <c>work</c> (default), <c>urgent</c> (takes the place of jobs
/// in <c>work</c>) and <c>closed</c>.
/// </summary>
public sealed class SlurmCluster : IAsyncDisposable
{
    const int NodeCount = 4;

    // Step daemons inherit it from their node's daemon.
    const string NodeVariable = "HOLOFLOW_TEST_NODE";

    static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    static readonly string[] Programs = ["/usr/sbin/munged", "/usr/sbin/slurmctld", "/usr/sbin/slurmd", "/usr/bin/sbatch"];

    readonly Dictionary<string, string> _environment = new(StringComparer.Ordinal);
    readonly Dictionary<string, PrivateProcess> _nodes = new(StringComparer.Ordinal);
    PrivateProcess? _munge;
    PrivateProcess? _controller;
    SlurmAccounting? _accounting;

    SlurmCluster(string path)
    {
        Directory = path;
        Configuration = Path.Combine(path, "slurm.conf");
        _environment["SLURM_CONF"] = Configuration;
    }

    /// <summary>Where its files are; jobs' directories may be made below.</summary>
    public string Directory { get; }

    /// <summary>The file that SLURM_CONF has to name.</summary>
    public string Configuration { get; }

    public static IReadOnlyList<string> Nodes { get; } = [.. Enumerable.Range(1, NodeCount).Select(i => $"n{i}")];

    /// <param name="settings">Lines of slurm.conf that are added, or take the place of the fixture's own.</param>
    /// <param name="withAccounting">With an accounting database of its own.</param>
    public static async Task<SlurmCluster> Start(IReadOnlyDictionary<string, string>? settings = null, bool withAccounting = false)
    {
        if (Programs.FirstOrDefault(program => !File.Exists(program)) is { } missing)
            throw new InvalidOperationException($"{missing} is missing: install the Debian packages slurm-wlm and munge");
        var cluster = new SlurmCluster(System.IO.Directory.CreateTempSubdirectory("holoflow-slurm-").FullName);
        try
        {
            cluster._accounting = withAccounting ? new SlurmAccounting(cluster.Directory, cluster._environment) : null;
            cluster.Configure([.. settings ?? new Dictionary<string, string>(StringComparer.Ordinal), .. cluster._accounting?.Settings ?? new Dictionary<string, string>(StringComparer.Ordinal)]);
            await cluster.StartMunge();
            if (cluster._accounting is { } accounting)
                await accounting.Start();
            await Task.WhenAll(Nodes.Select(cluster.StartNode).Append(cluster.StartController()));
            await cluster.WaitUntil(cluster.AllIdle, "the four nodes");
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends a node's daemon as a power cut would, with all that runs on the node; the controller is told, as by an operator who sees it.</summary>
    public async Task KillNode(string node)
    {
        if (_nodes.Remove(node, out var daemon))
            await daemon.DisposeAsync();
        await End(process => string.Equals(process.Value(NodeVariable) ?? process.Value("SLURMD_NODENAME"), node, StringComparison.Ordinal));
        await Ask("scontrol", "update", $"nodename={node}", "state=down", "reason=power cut");
    }

    public Task StartNode(string node)
    {
        _nodes[node] = PrivateProcess.Start("/usr/sbin/slurmd", ["-D", "-N", node], new Dictionary<string, string>(_environment, StringComparer.Ordinal) { [NodeVariable] = node }, Directory);
        return Task.CompletedTask;
    }

    /// <summary>Ends the processes of a job, and Slurm's own that watches them, as a node that runs out of memory does.</summary>
    public Task KillJob(long job) => End(process => process.IsOf(job));

    /// <summary>Lets the controller save its state and end.</summary>
    public async Task StopController()
    {
        await Ask("scontrol", "shutdown", "slurmctld");
        using var timeout = new CancellationTokenSource(Patience);
        await _controller!.Ended(timeout.Token);
        await KillController();
    }

    /// <summary>Ends the controller as a power cut would: what happened in the last seconds it forgets, and gives ids again.</summary>
    public async Task KillController()
    {
        if (_controller is not null)
            await _controller.DisposeAsync();
    }

    public Task StartController()
    {
        _controller = PrivateProcess.Start("/usr/sbin/slurmctld", ["-D"], _environment, Directory);
        return _controller.WaitUntil(async () => (await Ask("scontrol", "ping")).Contains("is UP", StringComparison.Ordinal), Patience, "slurmctld");
    }

    /// <summary>Ends the accounting daemon: the controller keeps what it would have told it.</summary>
    public Task StopAccounting() => _accounting!.StopDaemon();

    public Task StartAccounting() => _accounting!.StartDaemon();

    /// <summary>Runs one of Slurm's commands to its end.</summary>
    /// <returns>What it printed.</returns>
    public async Task<string> Ask(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["SLURM_CONF"] = Configuration;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return output + await errors;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes.Values)
            await node.DisposeAsync();
        await KillController();
        await End(process => process.IsJob);
        if (_accounting is not null)
            await _accounting.DisposeAsync();
        if (_munge is not null)
            await _munge.DisposeAsync();
        System.IO.Directory.Delete(Directory, recursive: true);
    }

    void Configure(IReadOnlyList<KeyValuePair<string, string>> settings)
    {
        // Jobs of other users than root write below it, and read the configuration.
        File.SetUnixFileMode(Directory, (UnixFileMode)Convert.ToInt32("755", 8));
        var user = Environment.UserName;
        var host = Environment.MachineName;
        var ports = Nodes.Select(_ => FreePort.Next()).ToList();
        var lines = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ClusterName"] = "holoflow", ["SlurmctldHost"] = $"{host}(127.0.0.1)", ["SlurmUser"] = user, ["SlurmdUser"] = user, ["SlurmctldPort"] = $"{FreePort.Next()}",
            ["AuthType"] = "auth/munge", ["AuthInfo"] = $"socket={Inside("munge.socket")}", ["CommunicationParameters"] = "NoCtldInAddrAny,NoInAddrAny",
            ["StateSaveLocation"] = Inside("state"), ["SlurmdSpoolDir"] = Inside("spool-%n"), ["SlurmctldPidFile"] = Inside("slurmctld.pid"), ["SlurmdPidFile"] = Inside("slurmd-%n.pid"),
            ["SlurmctldLogFile"] = Inside("slurmctld.log"), ["SlurmdLogFile"] = Inside("slurmd-%n.log"),
            ["ProctrackType"] = "proctrack/linuxproc", ["TaskPlugin"] = "task/none", ["SelectType"] = "select/cons_tres", ["SelectTypeParameters"] = "CR_Core_Memory", ["MpiDefault"] = "none",
            ["ReturnToService"] = "2", ["SlurmdParameters"] = "config_overrides", ["SchedulerParameters"] = "sched_interval=2,bf_interval=2,batch_sched_delay=0,max_switch_wait=1",
            ["JobAcctGatherType"] = "jobacct_gather/linux", ["JobAcctGatherFrequency"] = "task=1", ["JobAcctGatherParams"] = "OverMemoryKill",
            ["AccountingStorageType"] = "accounting_storage/none", ["JobCompType"] = "jobcomp/none", ["PreemptType"] = "preempt/partition_prio", ["PreemptMode"] = "REQUEUE",
            // A node that is silent for long is none the less alive: this machine may be busy. A job that is over is seen by whoever looks late.
            ["MinJobAge"] = "900", ["KillWait"] = "1", ["OverTimeLimit"] = "0", ["SlurmdTimeout"] = "300", ["InactiveLimit"] = "0", ["RequeueExit"] = "",
        };
        foreach (var (name, value) in settings)
            lines[name] = value;
        System.IO.Directory.CreateDirectory(Inside("state"));
        File.WriteAllLines(Configuration,
        [
            .. lines.Where(line => line.Value.Length > 0).Select(line => $"{line.Key}={line.Value}"),
            .. Nodes.Zip(ports).Select(node => $"NodeName={node.First} NodeHostname={host} NodeAddr=127.0.0.1 Port={node.Second} CPUs=4 RealMemory=4000 State=UNKNOWN"),
            "PartitionName=work Nodes=n[1-4] Default=YES MaxTime=INFINITE State=UP PriorityTier=1",
            "PartitionName=urgent Nodes=n[1-4] MaxTime=INFINITE State=UP PriorityTier=10",
            "PartitionName=closed Nodes=n[1-4] MaxTime=INFINITE State=DOWN",
        ]);
    }

    async Task StartMunge()
    {
        var key = Inside("munge.key");
        await File.WriteAllBytesAsync(key, RandomNumberGenerator.GetBytes(64));
        File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var socket = Inside("munge.socket");
        _munge = PrivateProcess.Start(
            "/usr/sbin/munged",
            ["--foreground", "--force", "--num-threads=1", $"--socket={socket}", $"--key-file={key}", $"--pid-file={Inside("munged.pid")}", $"--seed-file={Inside("munged.seed")}", $"--log-file={Inside("munged.log")}"],
            _environment, Directory);
        await _munge.WaitUntil(() => Task.FromResult(File.Exists(socket)), Patience, "munged");
    }

    async Task<bool> AllIdle() => (await Ask("sinfo", "-h", "-p", "work", "-t", "idle", "-o", "%D")).Trim() == $"{NodeCount}";

    async Task WaitUntil(Func<Task<bool>> ready, string name)
    {
        await _controller!.WaitUntil(ready, Patience, name);
    }

    string Inside(string name) => Path.Combine(Directory, name);

    /// <summary>Ends processes of this cluster that its daemons left behind: they carry its configuration in their environment.</summary>
    async Task End(Func<ClusterProcess, bool> which)
    {
        // All are stopped before the first is killed: none sees another one end, and writes that down.
        var stopped = new HashSet<int>();
        while (Left() is var running && running.Count(process => stopped.Add(process.Id)) > 0)
            await ClusterProcess.Signal("STOP", running);
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (Left() is { Count: > 0 } left)
        {
            await ClusterProcess.Signal("KILL", left);
            await tick.WaitForNextTickAsync();
        }

        List<ClusterProcess> Left() => [.. ClusterProcess.All(Configuration).Where(which)];
    }
}
