using Holoflow.ApiModel;
using Holoflow.ApiModel.TaskRuns;
using Holoflow.Client.Transport;

namespace Holoflow.Client;

/// <summary>Task runs.</summary>
public sealed class TaskRunsClient
{
    readonly ApiTransport _transport;

    internal TaskRunsClient(ApiTransport transport) => _transport = transport;

    /// <summary>All task runs of a filter, in order of submission within a run, page by page as they are read.</summary>
    public IAsyncEnumerable<TaskRunRow> List(TaskRunFilter? filter = null, CancellationToken cancellation = default) =>
        Paging.All(cursor => ListPage(filter, cursor, cancellation), cancellation);

    public Task<Page<TaskRunRow>> ListPage(TaskRunFilter? filter = null, string? cursor = null, CancellationToken cancellation = default)
    {
        filter ??= new TaskRunFilter();
        var path = new Query("api/task-runs").Add("flowRun", filter.FlowRunId).Add("state", filter.States).Add("task", filter.TaskNames)
            .Add("tag", filter.Tags).Add("text", filter.Text).Add("limit", filter.Limit).Add("cursor", cursor).ToString();
        return _transport.Get(path, ApiJson.Default.PageTaskRunRow, cancellation);
    }

    public Task<TaskRunDetail> Get(Guid id, CancellationToken cancellation = default) =>
        _transport.Get($"api/task-runs/{id}", ApiJson.Default.TaskRunDetail, cancellation);
}
