using System.Runtime.CompilerServices;
using Holoflow.ApiModel;
using Holoflow.ApiModel.Allocations;
using Holoflow.ApiModel.Artifacts;
using Holoflow.ApiModel.FlowRuns;
using Holoflow.ApiModel.Logs;
using Holoflow.Client.Following;
using Holoflow.Client.Transport;

namespace Holoflow.Client;

/// <summary>Flow runs: lists, details, logs, commands, and following one while it runs.</summary>
public sealed class FlowRunsClient
{
    readonly ApiTransport _transport;

    internal FlowRunsClient(ApiTransport transport) => _transport = transport;

    /// <summary>All flow runs of a filter, page by page as they are read.</summary>
    public IAsyncEnumerable<FlowRunRow> List(FlowRunFilter? filter = null, CancellationToken cancellation = default) =>
        Paging.All(cursor => ListPage(filter, cursor, cancellation), cancellation);

    public Task<Page<FlowRunRow>> ListPage(FlowRunFilter? filter = null, string? cursor = null, CancellationToken cancellation = default)
    {
        filter ??= new FlowRunFilter();
        var sort = filter.Sort == FlowRunSort.Newest ? null : filter.Sort.ToString();
        var path = Conditions(new Query("api/flow-runs"), filter).Add("sort", sort).Add("limit", filter.Limit).Add("cursor", cursor).ToString();
        return _transport.Get(path, ApiJson.Default.PageFlowRunRow, cancellation);
    }

    /// <summary>How many runs of a filter are in each state.</summary>
    public Task<FlowRunCounts> Count(FlowRunFilter? filter = null, CancellationToken cancellation = default) =>
        _transport.Get(Conditions(new Query("api/flow-runs/counts"), filter ?? new FlowRunFilter()).ToString(), ApiJson.Default.FlowRunCounts, cancellation);

    public Task<FlowRunDetail> Get(Guid id, CancellationToken cancellation = default) =>
        _transport.Get(Of(id), ApiJson.Default.FlowRunDetail, cancellation);

    /// <summary>Asks for a run of a program that has no deployment.</summary>
    public Task<RunCreated> Create(CreateFlowRun run, string? idempotencyKey = null, CancellationToken cancellation = default) =>
        _transport.Post("api/flow-runs", run, ApiJson.Default.CreateFlowRun, ApiJson.Default.RunCreated, idempotencyKey, cancellation);

    public Task<IReadOnlyList<RunHistoryEntry>> History(Guid id, CancellationToken cancellation = default) =>
        _transport.Get(Of(id, "history"), ApiJson.Default.IReadOnlyListRunHistoryEntry, cancellation);

    public Task<RunGraph> Graph(Guid id, GraphDetail detail = GraphDetail.Tasks, CancellationToken cancellation = default) =>
        _transport.Get(new Query(Of(id, "graph")).Add("detail", detail.ToString()).ToString(), ApiJson.Default.RunGraph, cancellation);

    public Task<RunProgress> Progress(Guid id, CancellationToken cancellation = default) =>
        _transport.Get(Of(id, "progress"), ApiJson.Default.RunProgress, cancellation);

    /// <summary>Why the run is where it is.</summary>
    public Task<WhyAnswer> Why(Guid id, CancellationToken cancellation = default) =>
        _transport.Get(Of(id, "why"), ApiJson.Default.WhyAnswer, cancellation);

    /// <summary>The run's artifacts: of each key the newest, or all.</summary>
    public Task<IReadOnlyList<ArtifactRow>> Artifacts(Guid id, bool history = false, CancellationToken cancellation = default) =>
        _transport.Get(new Query(Of(id, "artifacts")).Add("history", history ? "true" : null).ToString(), ApiJson.Default.IReadOnlyListArtifactRow, cancellation);

    /// <summary>The run's Slurm jobs: those that it asked for, and the one that it is.</summary>
    public Task<IReadOnlyList<AllocationRow>> Allocations(Guid id, CancellationToken cancellation = default) =>
        _transport.Get(Of(id, "allocations"), ApiJson.Default.IReadOnlyListAllocationRow, cancellation);

    /// <summary>Writes an artifact's file into a stream.</summary>
    public async Task CopyArtifactFile(Guid id, Guid artifactId, Stream destination, CancellationToken cancellation = default)
    {
        using var response = await _transport.GetFile(Of(id, $"artifacts/{artifactId}/file"), cancellation);
        await response.Content.CopyToAsync(destination, cancellation);
    }

    /// <summary>The log lines that are stored, in order.</summary>
    public async IAsyncEnumerable<LogRow> Logs(Guid id, LogFilter? filter = null, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        filter ??= new LogFilter();
        LogPage page;
        do
        {
            page = await LogPage(id, filter, cancellation);
            foreach (var line in page.Lines)
                yield return line;
            filter = filter with { After = page.Last };
        }
        while (page.More);
    }

    public Task<LogPage> LogPage(Guid id, LogFilter filter, CancellationToken cancellation = default) =>
        _transport.Get(Conditions(new Query(Of(id, "logs")), filter).Add("limit", filter.Limit).ToString(), ApiJson.Default.LogPage, cancellation);

    /// <summary>The log lines as they are stored, from the filter's position until the run has ended and all of them were sent.</summary>
    public async IAsyncEnumerable<LogRow> FollowLogs(Guid id, LogFilter? filter = null, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var path = Conditions(new Query(Of(id, "logs/follow")), filter ?? new LogFilter()).ToString();
        await foreach (var update in EventStream.Read(_transport, path, ApiJson.Default.RunUpdate, u => u is RunEnded, cancellation))
        {
            if (update is not LogsWritten written)
                continue;
            foreach (var line in written.Lines)
                yield return line;
        }
    }

    /// <summary>
    /// What the run does, from the start, until <see cref="RunEnded"/>. A broken connection is taken up again without a gap; no
    /// log line comes twice.
    /// </summary>
    /// <param name="id">The run.</param>
    /// <param name="logs">False: without log lines.</param>
    /// <param name="cancellation">Stops following; the run goes on.</param>
    public IAsyncEnumerable<RunUpdate> Follow(Guid id, bool logs = true, CancellationToken cancellation = default) =>
        EventStream.Read(
            _transport, new Query(Of(id, "follow")).Add("logs", logs ? null : "false").ToString(), ApiJson.Default.RunUpdate, u => u is RunEnded, cancellation);

    public Task<CommandResult> Cancel(Guid id, string? reason = null, CancellationToken cancellation = default) => Command(id, "cancel", reason, cancellation);

    public Task<CommandResult> Pause(Guid id, string? reason = null, CancellationToken cancellation = default) => Command(id, "pause", reason, cancellation);

    public Task<CommandResult> Resume(Guid id, CancellationToken cancellation = default) => Command(id, "resume", null, cancellation);

    /// <summary>Runs a run that failed, crashed or was cancelled again; what finished is not repeated.</summary>
    public Task<CommandResult> Retry(Guid id, string? reason = null, CancellationToken cancellation = default) => Command(id, "retry", reason, cancellation);

    /// <summary>Removes an ended run with everything that belongs to it.</summary>
    public Task<CommandResult> Delete(Guid id, CancellationToken cancellation = default) =>
        _transport.Delete(Of(id), ApiJson.Default.CommandResult, cancellation);

    /// <summary>Writes an ended run with all that belongs to it into a stream, as a gzipped tar.</summary>
    public async Task Export(Guid id, Stream destination, CancellationToken cancellation = default)
    {
        using var response = await _transport.GetFile(Of(id, "export"), cancellation);
        await response.Content.CopyToAsync(destination, cancellation);
    }

    /// <summary>Has a run taken in that was exported. Nothing changes where the same run is there already.</summary>
    /// <param name="open">Opens the archive, once for each attempt to send it.</param>
    /// <param name="cancellation">Stops sending it.</param>
    public Task<CommandResult> Import(Func<Stream> open, CancellationToken cancellation = default) =>
        _transport.PostFile("api/flow-runs/import", open, "application/gzip", ApiJson.Default.CommandResult, cancellation);

    Task<CommandResult> Command(Guid id, string verb, string? reason, CancellationToken cancellation) =>
        _transport.Post(Of(id, verb), new RunCommand { Reason = reason }, ApiJson.Default.RunCommand, ApiJson.Default.CommandResult, null, cancellation);

    static Query Conditions(Query query, FlowRunFilter filter) => query
        .Add("state", filter.States).Add("flow", filter.Flows).Add("deployment", filter.Deployments).Add("tag", filter.Tags)
        .Add("queue", filter.Queues).Add("since", filter.Since).Add("until", filter.Until)
        .Add("parameter", filter.Parameters.Select(p => $"{p.Key}={p.Value}")).Add("text", filter.Text).Add("parent", filter.ParentRunId);

    static Query Conditions(Query query, LogFilter filter) => query
        .Add("after", filter.After).Add("level", filter.Level?.ToString()).Add("taskRun", filter.TaskRunId).Add("text", filter.Text);

    static string Of(Guid id) => $"api/flow-runs/{id}";

    static string Of(Guid id, string part) => $"api/flow-runs/{id}/{part}";
}
