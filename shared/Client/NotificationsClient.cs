using Holoflow.ApiModel;
using Holoflow.ApiModel.FlowRuns;
using Holoflow.ApiModel.Notifications;
using Holoflow.Client.Transport;

namespace Holoflow.Client;

/// <summary>Who is told of which changes of flow runs, and what was told.</summary>
public sealed class NotificationsClient
{
    readonly ApiTransport _transport;

    internal NotificationsClient(ApiTransport transport) => _transport = transport;

    /// <summary>All of them, by name.</summary>
    public Task<IReadOnlyList<NotificationRow>> List(CancellationToken cancellation = default) =>
        _transport.Get("api/notifications", ApiJson.Default.IReadOnlyListNotificationRow, cancellation);

    public Task<NotificationRow> Get(string name, CancellationToken cancellation = default) =>
        _transport.Get(Of(name), ApiJson.Default.NotificationRow, cancellation);

    /// <summary>Creates or changes one.</summary>
    public Task<CommandResult> Put(string name, NotificationDefinition definition, CancellationToken cancellation = default) =>
        _transport.Put(Of(name), definition, ApiJson.Default.NotificationDefinition, ApiJson.Default.CommandResult, cancellation);

    /// <summary>Removes one; what it has not told yet is never told.</summary>
    public Task<CommandResult> Delete(string name, CancellationToken cancellation = default) =>
        _transport.Delete(Of(name), ApiJson.Default.CommandResult, cancellation);

    /// <summary>Tells of a run that does not exist, to see whether it arrives; the result's id is the delivery's.</summary>
    public Task<CommandResult> Test(string name, CancellationToken cancellation = default) =>
        _transport.Post($"{Of(name)}/test", new RunCommand(), ApiJson.Default.RunCommand, ApiJson.Default.CommandResult, null, cancellation);

    /// <summary>What it told, the newest first, page by page as they are read.</summary>
    public IAsyncEnumerable<NotificationDelivery> Deliveries(string name, CancellationToken cancellation = default) => Paging.All(
        cursor => _transport.Get(new Query($"{Of(name)}/deliveries").Add("cursor", cursor).ToString(), ApiJson.Default.PageNotificationDelivery, cancellation), cancellation);

    static string Of(string name) => $"api/notifications/{Query.Segment(name)}";
}
