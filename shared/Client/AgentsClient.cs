using Holoflow.ApiModel;
using Holoflow.ApiModel.Agents;
using Holoflow.Client.Transport;

namespace Holoflow.Client;

/// <summary>Agents.</summary>
public sealed class AgentsClient
{
    readonly ApiTransport _transport;

    internal AgentsClient(ApiTransport transport) => _transport = transport;

    /// <summary>All agents, those on line first.</summary>
    public Task<IReadOnlyList<AgentRow>> List(CancellationToken cancellation = default) =>
        _transport.Get("api/agents", ApiJson.Default.IReadOnlyListAgentRow, cancellation);

    public Task<AgentRow> Get(string id, CancellationToken cancellation = default) =>
        _transport.Get($"api/agents/{Query.Segment(id)}", ApiJson.Default.AgentRow, cancellation);

    /// <summary>Enrols an agent; the client's token is the enrolment code, which is used up by it.</summary>
    public Task<AgentEnrolled> Enroll(AgentEnrollment agent, CancellationToken cancellation = default) =>
        _transport.Post("api/agents/enroll", agent, ApiJson.Default.AgentEnrollment, ApiJson.Default.AgentEnrolled, null, cancellation);
}
