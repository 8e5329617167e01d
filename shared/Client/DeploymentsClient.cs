using Holoflow.ApiModel;
using Holoflow.ApiModel.Deployments;
using Holoflow.ApiModel.FlowRuns;
using Holoflow.ApiModel.Schedules;
using Holoflow.Client.Transport;

namespace Holoflow.Client;

/// <summary>Deployments, their schedules and their runs.</summary>
public sealed class DeploymentsClient
{
    readonly ApiTransport _transport;

    internal DeploymentsClient(ApiTransport transport) => _transport = transport;

    /// <summary>All deployments of a filter, by flow and name.</summary>
    public IAsyncEnumerable<DeploymentRow> List(DeploymentFilter? filter = null, CancellationToken cancellation = default) =>
        Paging.All(cursor => ListPage(filter, cursor, cancellation), cancellation);

    public Task<Page<DeploymentRow>> ListPage(DeploymentFilter? filter = null, string? cursor = null, CancellationToken cancellation = default)
    {
        filter ??= new DeploymentFilter();
        var path = new Query("api/deployments").Add("flow", filter.Flows).Add("tag", filter.Tags).Add("queue", filter.Queues)
            .Add("text", filter.Text).Add("limit", filter.Limit).Add("cursor", cursor).ToString();
        return _transport.Get(path, ApiJson.Default.PageDeploymentRow, cancellation);
    }

    public Task<DeploymentDetail> Get(DeploymentKey key, CancellationToken cancellation = default) =>
        _transport.Get(key.Path, ApiJson.Default.DeploymentDetail, cancellation);

    /// <summary>Creates or replaces a deployment.</summary>
    public Task<CommandResult> Put(string flow, string name, DeploymentDefinition definition, CancellationToken cancellation = default) =>
        _transport.Put(new DeploymentKey(flow, name).Path, definition, ApiJson.Default.DeploymentDefinition, ApiJson.Default.CommandResult, cancellation);

    public Task<CommandResult> Delete(DeploymentKey key, CancellationToken cancellation = default) =>
        _transport.Delete(key.Path, ApiJson.Default.CommandResult, cancellation);

    /// <summary>Replaces the schedules; an empty list takes them away.</summary>
    public Task<CommandResult> SetSchedules(DeploymentKey key, IReadOnlyList<ScheduleSpec> schedules, CancellationToken cancellation = default) =>
        _transport.Put(key.Path + "/schedules", new SetSchedules { Schedules = schedules }, ApiJson.Default.SetSchedules, ApiJson.Default.CommandResult, cancellation);

    public Task<CommandResult> PauseSchedules(DeploymentKey key, CancellationToken cancellation = default) =>
        _transport.Post(key.Path + "/pause-schedules", new RunCommand(), ApiJson.Default.RunCommand, ApiJson.Default.CommandResult, null, cancellation);

    public Task<CommandResult> ResumeSchedules(DeploymentKey key, CancellationToken cancellation = default) =>
        _transport.Post(key.Path + "/resume-schedules", new RunCommand(), ApiJson.Default.RunCommand, ApiJson.Default.CommandResult, null, cancellation);

    /// <summary>Asks for a run.</summary>
    /// <param name="key">The deployment.</param>
    /// <param name="run">What run.</param>
    /// <param name="idempotencyKey">A repeat with the same key makes no second run; null: one is made for this call.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task<RunCreated> Run(DeploymentKey key, CreateDeploymentRun run, string? idempotencyKey = null, CancellationToken cancellation = default) =>
        _transport.Post(key.Path + "/runs", run, ApiJson.Default.CreateDeploymentRun, ApiJson.Default.RunCreated, idempotencyKey, cancellation);
}
