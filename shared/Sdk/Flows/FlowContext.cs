namespace Holoflow.Sdk;

/// <summary>What a flow's method is given: its run, its log, its token, its artifacts. <see cref="Flow.Current"/> is the same one.</summary>
public sealed class FlowContext
{
    static readonly AsyncLocal<FlowContext?> Ambient = new();

    readonly ProgressReporter _progress;

    internal FlowContext(FlowRun run)
    {
        FlowRun = run;
        Log = new RunLogger(run.Session, run.NestedId, null, run.Flow.Name);
        Artifacts = new ArtifactWriter(run.Session, run.NestedId, null);
        _progress = new ProgressReporter(run.Session, run.NestedId, null);
        Cancellation = run.Cancellation;
    }

    /// <summary>The run's id; of a nested run, its own.</summary>
    public Guid RunId => FlowRun.Id;

    /// <summary>The run's name, for people.</summary>
    public string RunName => FlowRun.Name;

    public string FlowName => FlowRun.Flow.Name;

    public string? DeploymentName => FlowRun.Session.Description.DeploymentName;

    public IReadOnlyList<string> Tags => FlowRun.Tags;

    /// <summary>Which start of the run this is, from 1.</summary>
    public int Attempt => FlowRun.Session.Description.Attempt;

    /// <summary>When the run was due, where a schedule or a person said so.</summary>
    public DateTimeOffset? ScheduledFor => FlowRun.Session.Description.ScheduledFor;

    public RunLogger Log { get; }

    public ArtifactWriter Artifacts { get; }

    /// <summary>Cancelled when the run is, or when its time is over.</summary>
    public CancellationToken Cancellation { get; }

    /// <summary>The run's directory, on the file system that its tasks share: a place for files between tasks.</summary>
    public string RunDirectory => FlowRun.Session.Directory.Path;

    /// <summary>Whether this run's tasks are executed on a cluster, unless they want otherwise.</summary>
    public bool OnCluster => FlowRun.Session.Cluster is not null;

    internal static FlowContext? CurrentOrNull => Ambient.Value;

    internal FlowRun FlowRun { get; }

    /// <summary>Tells how far the flow is, from 0 to 1.</summary>
    public void Progress(double fraction, string? message = null) => _progress.Report(fraction, null, null, message);

    internal void MakeCurrent() => Ambient.Value = this;

    internal void Finish() => _progress.Finish();
}
