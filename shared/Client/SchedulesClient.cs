using Holoflow.ApiModel;
using Holoflow.ApiModel.Schedules;
using Holoflow.Client.Transport;

namespace Holoflow.Client;

/// <summary>Schedules of all deployments.</summary>
public sealed class SchedulesClient
{
    readonly ApiTransport _transport;

    internal SchedulesClient(ApiTransport transport) => _transport = transport;

    /// <summary>All schedules with their next fire times.</summary>
    /// <param name="next">How many fire times of each: 0 to 100; null: 3.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task<IReadOnlyList<ScheduleRow>> List(int? next = null, CancellationToken cancellation = default) =>
        _transport.Get(new Query("api/schedules").Add("next", next).ToString(), ApiJson.Default.IReadOnlyListScheduleRow, cancellation);
}
