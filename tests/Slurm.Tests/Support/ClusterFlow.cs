using System.Diagnostics;
using System.Text.Json;
using Holoflow.RunProtocol;
using Holoflow.RunProtocol.Journal;
using Holoflow.SampleClusterFlows;
using Holoflow.Servers;
using Holoflow.Slurm.Jobs;
using Holoflow.Slurm.Verdicts;

namespace Holoflow.Slurm.Tests.Support;

/// <summary>A run of one of the sample flows, in a process as an agent launches it, attempt after attempt.</summary>
sealed class ClusterFlow : IAsyncDisposable
{
    // Every status call of the tests' many runs is within it: the machine is the site, and nobody else is on it.
    const string Profile = """
        partition: work
        cores: 2
        processes: 2
        memory: 600MiB
        walltime: 10
        maximum_allocations: 2
        calls_per_minute: 600
        """;

    readonly string _folder;
    readonly string _method;
    readonly SlurmCluster? _cluster;
    int _attempt;
    PrivateProcess? _process;

    /// <param name="method">The flow.</param>
    /// <param name="cluster">The cluster; null: tasks are executed in the flow process.</param>
    /// <param name="profile">Lines of the profile that are added.</param>
    public ClusterFlow(string method, SlurmCluster? cluster, params string[] profile)
    {
        _method = method;
        _cluster = cluster;
        _folder = cluster is null ? System.IO.Directory.CreateTempSubdirectory("holoflow-flow-").FullName : System.IO.Directory.CreateDirectory(Path.Combine(cluster.Directory, "runs", $"{RunId:N}")).FullName;
        Directory = new RunDirectory(Path.Combine(_folder, "run"));
        System.IO.Directory.CreateDirectory(Directory.Path);
        var clusters = System.IO.Directory.CreateDirectory(Path.Combine(_folder, "home", "clusters")).FullName;
        File.WriteAllText(Path.Combine(clusters, "test.yaml"), string.Join('\n', Profile.Split('\n').Where(line => !profile.Any(own => own.StartsWith(line.Split(':')[0] + ":", StringComparison.Ordinal))).Concat(profile)));
    }

    public Guid RunId { get; } = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());

    public RunDirectory Directory { get; }

    /// <summary>Where the flow process looks for Slurm's commands before PATH; null: nowhere.</summary>
    public string? Commands { get; init; }

    public string InFolder(string name) => Path.Combine(_folder, name);

    /// <summary>A new folder for the witnesses of executions.</summary>
    public string Witnesses => System.IO.Directory.CreateDirectory(InFolder("witnesses")).FullName;

    /// <summary>How often each task left a witness, by its number.</summary>
    public IReadOnlyDictionary<int, int> Executions =>
        System.IO.Directory.EnumerateFiles(Witnesses).Select(file => Path.GetFileName(file).Split('.')[0]).GroupBy(int.Parse).ToDictionary(g => g.Key, g => g.Count());

    /// <summary>Launches the next attempt.</summary>
    public void Start(ClusterParameters parameters)
    {
        var description = new RunDescription { RunId = RunId, RunName = "sample 'of' a $(run)", FlowName = _method, Attempt = ++_attempt, Epoch = _attempt };
        File.WriteAllBytes(Directory.Description, description.ToJson());
        File.WriteAllText(Directory.Parameters, JsonSerializer.Serialize(parameters, Json));
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [RunEnvironment.RunDirectory] = Directory.Path, [RunEnvironment.Method] = _method, [RunEnvironment.Home] = InFolder("home"),
            [RunEnvironment.Cluster] = _cluster is null ? "" : "test", ["SLURM_CONF"] = _cluster?.Configuration ?? "", ["OBSERVATORY_TOKEN"] = "secret", ["HOLOFLOW_TEST_HOLDS_INPUT"] = "1",
        };
        if (Commands is not null)
            environment["PATH"] = $"{Commands}:{Environment.GetEnvironmentVariable("PATH")}";
        _process = PrivateProcess.Start("dotnet", [Path.Combine(AppContext.BaseDirectory, "Holoflow.SampleClusterFlows.dll")], environment, _folder);
    }

    /// <summary>Waits for the attempt's end.</summary>
    public async Task<FlowEnded> End()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(4));
        try
        {
            await _process!.Ended(limit.Token);
        }
        catch (OperationCanceledException e)
        {
            throw new TimeoutException($"the flow does not end:\n{_process!.Output}\n{string.Join('\n', Journal().TakeLast(40))}", e);
        }

        return Journal().OfType<FlowEnded>().LastOrDefault() ?? throw new InvalidOperationException($"the flow wrote no end:\n{_process.Output}");
    }

    public Task<FlowEnded> Run(ClusterParameters parameters)
    {
        Start(parameters);
        return End();
    }

    /// <summary>Kills the flow process, as a power cut would.</summary>
    public Task Kill() => _process!.Kill();

    public async Task Signal(string name)
    {
        using var kill = Process.Start("kill", ["-s", name, "--", $"-{_process!.Id}"]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public IReadOnlyList<JournalEntry> Journal()
    {
        var entries = new List<JournalEntry>();
        using var reader = new JournalReader(Directory.Journal);
        while (reader.Next() is { } read)
            entries.Add(read.Entry ?? throw new InvalidDataException(read.Fault));
        return entries;
    }

    /// <summary>The lines of the run's log.</summary>
    public IEnumerable<string> Log() => Journal().OfType<Logged>().Select(line => line.Message);

    public Task<IReadOnlyList<JournalEntry>> UntilJournal(Func<IReadOnlyList<JournalEntry>, bool> wished, string what) => Wait.Until(
        () => Task.FromResult(Journal() is var journal && wished(journal) ? journal : null),
        () => $"{what}:\n{_process?.Output}\n{string.Join('\n', Journal().TakeLast(40))}");

    /// <summary>The Slurm jobs of the run that are not over, neither by the queue nor by the mark that each leaves: the queue hears of an end a moment later.</summary>
    public async Task<IReadOnlyList<long>> JobsLeft()
    {
        var left = new HashSet<long>();
        foreach (var entry in (await new Bench(_cluster!).Queue()).Entries.Where(entry => !entry.State.IsEnd && entry.Key is { } key && key.Text.StartsWith(JobKey.Of(RunId), StringComparison.Ordinal)))
        {
            var marks = await JobMarks.Read(Path.Combine(Directory.Allocations, entry.Key!.Text[JobKey.Of(RunId).Length..]), TestContext.Current.CancellationToken);
            int? task = entry.Tasks?.Indices.ToList() is [var one] ? one : null;
            if (JobMarks.Of(marks, task).Kind != MarkKind.Ended)
                left.Add(entry.SubmittedId);
        }

        return [.. left];
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        if (_cluster is not null && await JobsLeft() is { Count: > 0 } jobs)
            await new Bench(_cluster).Site.Cancel(jobs.Select(job => (job, (int?)null)), CancellationToken.None);
        else if (_cluster is null)
            System.IO.Directory.Delete(_folder, recursive: true);
    }

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter() } };
}
