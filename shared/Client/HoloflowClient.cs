using Holoflow.Client.Transport;

namespace Holoflow.Client;

/// <summary>
/// The REST API, typed. Requests are repeated with back-off while the server cannot be reached, a POST with the same
/// Idempotency-Key, so that a repeat changes nothing. Safe to use from several threads.
/// </summary>
/// <exception cref="ApiRefusedException">Thrown by every call: the server refused it.</exception>
/// <exception cref="ApiUnreachableException">Thrown by every call: the server could not be reached.</exception>
public sealed class HoloflowClient : IDisposable
{
    readonly ApiTransport _transport;

    public HoloflowClient(ClientOptions options)
    {
        _transport = new ApiTransport(options);
        Flows = new FlowsClient(_transport);
        Deployments = new DeploymentsClient(_transport);
        FlowRuns = new FlowRunsClient(_transport);
        TaskRuns = new TaskRunsClient(_transport);
        WorkQueues = new WorkQueuesClient(_transport);
        ConcurrencyLimits = new ConcurrencyLimitsClient(_transport);
        Agents = new AgentsClient(_transport);
        Schedules = new SchedulesClient(_transport);
        Server = new ServerClient(_transport);
        Tokens = new TokensClient(_transport);
        Notifications = new NotificationsClient(_transport);
        DeadLetters = new DeadLettersClient(_transport);
    }

    public HoloflowClient(Uri baseAddress)
        : this(new ClientOptions { BaseAddress = baseAddress })
    {
    }

    public FlowsClient Flows { get; }

    public DeploymentsClient Deployments { get; }

    public FlowRunsClient FlowRuns { get; }

    public TaskRunsClient TaskRuns { get; }

    public WorkQueuesClient WorkQueues { get; }

    public ConcurrencyLimitsClient ConcurrencyLimits { get; }

    public AgentsClient Agents { get; }

    public SchedulesClient Schedules { get; }

    public ServerClient Server { get; }

    public TokensClient Tokens { get; }

    public NotificationsClient Notifications { get; }

    public DeadLettersClient DeadLetters { get; }

    public void Dispose() => _transport.Dispose();
}
