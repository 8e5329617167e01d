using System.Runtime.InteropServices;
using System.Text.Json;
using Holoflow.Servers;

namespace Holoflow.Cli.Tests.Processes;

/// <summary>A Slurm for the commands about cluster profiles.</summary>
public sealed class ClusterFixture : IAsyncLifetime
{
    internal SlurmCluster Cluster { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Cluster = await SlurmCluster.Start();

    public ValueTask DisposeAsync() => Cluster.DisposeAsync();
}

/// <summary><c>holoflow cluster check|ls|show|import</c>, and deployments whose runs are jobs of a profile.</summary>
public sealed class ClusterCommandsTests(ClusterFixture slurm) : IClassFixture<ClusterFixture>, IDisposable
{
    const string Galaxy = """
        partition: work
        cores: 2
        processes: 2
        memory: 100MB
        walltime: "00:10:00"
        prologue: ["module load singularity"]
        """;

    // The keys of an observatory's file for its holography workers.
    const string Dask = """
        cluster_class: dask_jobqueue.SLURMCluster
        cluster_kwargs:
            cores: 1
            processes: 1
            job_cpu: 18
            name: 'holography-worker'
            memory: "100GB"
            walltime: "0-12:00:00"
            job_extra_directives:
            - '--qos=express'
            - '--no-requeue'
            interface: "ib0"
            log_directory: logs
            job_script_prologue:
            - 'module load singularity'
            queue: work
        adapt_kwargs:
            minimum: 1
            maximum: 36
            wait_count: 20
        """;

    readonly TemporaryFolder _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Profiles_are_listed_and_shown_with_every_key()
    {
        Assert.Contains("no cluster profiles: write one as", (await Run(0, "cluster", "ls")).Output, StringComparison.Ordinal);
        Profile("galaxy", Galaxy);
        Profile("wrong", "coers: 3\nmemory: much\n");
        var table = (await Run(0, "cluster", "ls")).Output;
        Assert.Contains("galaxy", table, StringComparison.Ordinal);
        var rows = JsonElement.Parse((await Run(0, "cluster", "ls", "--json")).Output).EnumerateArray().ToList();
        Assert.Equal(["galaxy", "wrong"], rows.Select(row => row.GetProperty("name").GetString()));
        Assert.Equal(("work", 2), (rows[0].GetProperty("partition").GetString(), rows[0].GetProperty("cores").GetInt32()));
        Assert.Contains("line 1: ", rows[1].GetProperty("mistake").GetString(), StringComparison.Ordinal);
        Assert.Contains("line 2: 'memory'", rows[1].GetProperty("mistake").GetString(), StringComparison.Ordinal);

        var shown = (await Run(0, "cluster", "show", "galaxy")).Lines;
        Assert.Equal($"# {_home.In("clusters/galaxy.yaml")}", shown[0]);
        Assert.Contains("maximum_allocations: 10", shown);
        Assert.Contains("after_crash: adopt", shown);
    }

    [Fact]
    public async Task A_profile_that_is_missing_or_wrong_is_refused_in_one_line_with_all_its_mistakes()
    {
        Profile("galaxy", Galaxy);
        Profile("wrong", "coers: 3\nmemory: much\n");
        foreach (var command in (string[])["show", "check"])
        {
            Assert.Contains("there is no such cluster profile; known by name are galaxy, wrong", await Refusal("cluster", command, "glaxy"), StringComparison.Ordinal);
            var wrong = await Refusal("cluster", command, "wrong");
            Assert.Contains("line 1: 'coers'", wrong, StringComparison.Ordinal);
            Assert.Contains("line 2: 'memory'", wrong, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_check_tries_the_profile_on_the_site_and_leaves_no_job()
    {
        Profile("galaxy", Galaxy);
        var outcome = await Run(0, "cluster", "check", "galaxy");
        Assert.All(outcome.Lines, line => Assert.StartsWith("ok", line, StringComparison.Ordinal));
        Assert.Contains("every key is understood", outcome.Lines[0], StringComparison.Ordinal);
        Assert.EndsWith("is gone", outcome.Lines[^1], StringComparison.Ordinal);
        Assert.Equal("", await slurm.Cluster.Ask("squeue", "-h"));
    }

    [Theory]
    [InlineData("partition: wrok", "failed  nodes: there is no partition 'wrok': the site's partitions are closed, urgent, work")]
    [InlineData("cores: 64", "failed  nodes: none has 64 cores: the largest have 4 and 4000 MiB")]
    [InlineData("extra_directives: ['--reservation=nowhere']", "failed  a job on hold: sbatch refused (Slurm: ")]
    public async Task Where_the_site_refuses_a_check_shows_its_own_words(string line, string words)
    {
        Profile("p", line + "\n");
        var outcome = await Run(1, "cluster", "check", "p");
        Assert.StartsWith(words, outcome.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_there_is_no_Slurm_a_check_says_so()
    {
        Profile("galaxy", Galaxy);
        await using var process = HoloflowProcess.Start(_home.Path, ["cluster", "check", "galaxy"], new Dictionary<string, string>(StringComparer.Ordinal) { ["PATH"] = "/nowhere", ["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..")) });
        var outcome = await process.Outcome();
        Assert.Equal(1, outcome.ExitCode);
        Assert.StartsWith("failed  Slurm's commands: sinfo cannot be started", outcome.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_import_writes_a_profile_and_names_what_has_no_counterpart()
    {
        var file = _home.Write("dask.yaml", Dask);
        var lines = (await Run(0, "cluster", "import", file, "--name", "galaxy")).Lines;
        Assert.Contains("left out: line 6: 'name' has no counterpart: jobs are named after the flow run", lines);
        Assert.Contains("left out: line 12: 'interface' has no counterpart: workers need no network: they meet on the shared file system", lines);
        Assert.Contains(lines, line => line.StartsWith("left out: line 11: '--no-requeue': --no-requeue is set by the task's retry rule", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("left out: line 13: 'log_directory' is 'logs'", StringComparison.Ordinal));
        Assert.Contains("left out: line 20: 'adapt_kwargs: wait_count' has no counterpart: the pool grows with its backlog", lines);
        Assert.Equal($"written: {_home.In("clusters/galaxy.yaml")}; try it with: holoflow cluster check galaxy", lines[^1]);
        var shown = (await Run(0, "cluster", "show", "galaxy")).Output;
        foreach (var line in (string[])["partition: \"work\"", "cores: 18", "processes: 1", "  - \"--qos=express\"", "  - \"module load singularity\"", "minimum_allocations: 1", "maximum_allocations: 36"])
            Assert.Contains(line, shown, StringComparison.Ordinal);

        var before = await File.ReadAllTextAsync(_home.In("clusters/galaxy.yaml"), TestContext.Current.CancellationToken);
        Assert.Contains("there is a profile 'galaxy'", await Refusal("cluster", "import", file, "--name", "galaxy"), StringComparison.Ordinal);
        await Run(0, "cluster", "import", file, "--name", "galaxy", "--force");
        Assert.Equal(before, await File.ReadAllTextAsync(_home.In("clusters/galaxy.yaml"), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("cluster_class: dask_jobqueue.PBSCluster\ncluster_kwargs:\n  cores: 1\n", "line 1: 'cluster_class' is 'dask_jobqueue.PBSCluster': only dask_jobqueue.SLURMCluster has a profile here")]
    [InlineData("cluster_class: dask_jobqueue.SLURMCluster\n", "it has no 'cluster_kwargs'")]
    [InlineData("cluster_kwargs:\n  memory: lots\n", "line 2: 'memory' is 'lots': a number with its unit is wanted")]
    public async Task What_cannot_be_imported_is_refused_and_nothing_is_written(string text, string words)
    {
        var file = _home.Write("dask.yaml", text);
        Assert.Contains(words, await Refusal("cluster", "import", file), StringComparison.Ordinal);
        Assert.Contains("cannot be read", await Refusal("cluster", "import", _home.In("none.yaml")), StringComparison.Ordinal);
        Assert.Contains("is no profile's name", await Refusal("cluster", "import", file, "--name", "a/b"), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_home.In("clusters")));
    }

    [Fact]
    public async Task A_deployment_on_Slurm_names_its_profile_or_is_refused()
    {
        Profile("galaxy", Galaxy);
        var file = _home.In("nightly.yaml");
        string[] build = ["deployment", "build", HoloflowProcess.Sample("Empty"), "--name", "nightly", "-o", file];
        Assert.Contains("infrastructure slurm needs the cluster profile that its runs are jobs of; there is galaxy", await Refusal([.. build, "-i", "slurm"]), StringComparison.Ordinal);
        Assert.Contains("cluster profile 'glaxy': ", await Refusal([.. build, "-i", "slurm", "--cluster", "glaxy"]), StringComparison.Ordinal);
        Assert.Contains("a cluster goes with infrastructure slurm", await Refusal([.. build, "--cluster", "galaxy"]), StringComparison.Ordinal);
        Assert.Contains("'slrum' is no infrastructure; there is process, slurm; did you mean 'slurm'?", await Refusal([.. build, "-i", "slrum"]), StringComparison.Ordinal);
        Assert.False(File.Exists(file));
        await Run(0, [.. build, "-i", "slurm", "--cluster", "galaxy"]);
        var written = await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken);
        Assert.Contains("infrastructure: \"slurm\"", written);
        Assert.Contains("cluster: \"galaxy\"", written);
    }

    void Profile(string name, string text)
    {
        Directory.CreateDirectory(_home.In("clusters"));
        File.WriteAllText(_home.In($"clusters/{name}.yaml"), text);
    }

    async Task<CommandOutcome> Run(int exitCode, params string[] arguments)
    {
        await using var process = HoloflowProcess.Start(_home.Path, arguments, new Dictionary<string, string>(StringComparer.Ordinal) { ["SLURM_CONF"] = slurm.Cluster.Configuration });
        var outcome = await process.Outcome();
        Assert.True(outcome.ExitCode == exitCode, $"{string.Join(' ', arguments)} ended with {outcome.ExitCode}: {outcome.Output}{outcome.Errors}");
        return outcome;
    }

    async Task<string> Refusal(params string[] arguments)
    {
        var outcome = await Run(2, arguments);
        Assert.Equal("", outcome.Output);
        return Assert.Single(outcome.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
