using Holoflow.ApiModel;
using Holoflow.ApiModel.FlowRuns;
using Holoflow.ApiModel.WorkQueues;
using Holoflow.Client.Transport;

namespace Holoflow.Client;

/// <summary>Work queues.</summary>
public sealed class WorkQueuesClient
{
    readonly ApiTransport _transport;

    internal WorkQueuesClient(ApiTransport transport) => _transport = transport;

    /// <summary>All work queues, by priority and name.</summary>
    public Task<IReadOnlyList<WorkQueueRow>> List(CancellationToken cancellation = default) =>
        _transport.Get("api/work-queues", ApiJson.Default.IReadOnlyListWorkQueueRow, cancellation);

    public Task<WorkQueueRow> Get(string name, CancellationToken cancellation = default) =>
        _transport.Get(Of(name), ApiJson.Default.WorkQueueRow, cancellation);

    /// <summary>Creates a work queue; one that is there already is refused.</summary>
    public Task<CommandResult> Create(CreateWorkQueue queue, CancellationToken cancellation = default) =>
        _transport.Post("api/work-queues", queue, ApiJson.Default.CreateWorkQueue, ApiJson.Default.CommandResult, null, cancellation);

    public Task<CommandResult> Change(string name, ChangeWorkQueue change, CancellationToken cancellation = default) =>
        _transport.Patch(Of(name), change, ApiJson.Default.ChangeWorkQueue, ApiJson.Default.CommandResult, cancellation);

    public Task<CommandResult> Pause(string name, CancellationToken cancellation = default) => Command(name, "pause", cancellation);

    public Task<CommandResult> Resume(string name, CancellationToken cancellation = default) => Command(name, "resume", cancellation);

    public Task<CommandResult> Delete(string name, CancellationToken cancellation = default) =>
        _transport.Delete(Of(name), ApiJson.Default.CommandResult, cancellation);

    /// <summary>The runs that the queue would hand out next.</summary>
    public Task<WorkQueuePreview> Preview(string name, int? limit = null, CancellationToken cancellation = default) =>
        _transport.Get(new Query(Of(name) + "/preview").Add("limit", limit).ToString(), ApiJson.Default.WorkQueuePreview, cancellation);

    Task<CommandResult> Command(string name, string verb, CancellationToken cancellation) =>
        _transport.Post($"{Of(name)}/{verb}", new RunCommand(), ApiJson.Default.RunCommand, ApiJson.Default.CommandResult, null, cancellation);

    static string Of(string name) => $"api/work-queues/{Query.Segment(name)}";
}
