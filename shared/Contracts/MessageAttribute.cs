namespace Holoflow.Contracts;

/// <summary>
/// Pins a message's name, schema version and address on the wire; a type's own name and namespace may change.
/// </summary>
/// <param name="name">The pinned name.</param>
/// <param name="address">The queue of a request or command; the exchange of an event.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class MessageAttribute(string name, string address) : Attribute
{
    public string Name { get; } = name;

    public string Address { get; } = address;

    public int SchemaVersion { get; init; } = 1;

    /// <summary>
    /// What makes a repeat the same message: the members that its receiver knows it by, joined by commas. Empty where a repeat is as good as the
    /// first: an answer belongs to its request, a sweep looks at what is.
    /// </summary>
    public string Identity { get; init; } = "";

    /// <summary>A request that is carried out even where nobody waits for its answer any more. Others lapse with their asker, who repeats them.</summary>
    public bool Kept { get; init; }

    /// <summary>An event whose sender says the same again within seconds: no queue keeps it on its disk.</summary>
    public bool Repeated { get; init; }
}

/// <summary>The addresses that messages are sent to.</summary>
public static class Addresses
{
    public const string StateStore = "state-store";
    public const string Leases = "leases";
    public const string TaskReports = "task-reports";
    public const string Logs = "logs";
    public const string RunStateChanged = "run-state-changed";
    public const string TaskRunsChanged = "task-runs-changed";
    public const string DefinitionsChanged = "definitions-changed";
    public const string RunOffers = "run-offers";
    public const string AgentControl = "agent-control";
    public const string Agents = "agents";
    public const string LogsStored = "logs-stored";
    /// <summary>Where the answers of requests go back; named by the transport.</summary>
    public const string Answers = "answers";
}

/// <summary>A message about one flow run.</summary>
public interface IOfRun
{
    Guid RunId { get; }
}

/// <summary>A message that events are routed by.</summary>
public interface IRouted
{
    /// <summary>The routing key on the topic exchange: words of letters, digits, <c>-</c> and <c>_</c>, joined by dots.</summary>
    string RoutingKey { get; }
}

/// <summary>
/// A message of which there are too many for requests. Sent as a request, it is answered as soon as the transport has it for good; who handles it
/// may get it more than once, in order of sending for each <see cref="ShardedBy"/>.
/// </summary>
public interface IBulk : IRequest<CommandAnswered>
{
    /// <summary>What must stay in order together.</summary>
    Guid ShardedBy { get; }
}

/// <summary>An event that is void after a while.</summary>
public interface IExpiring
{
    DateTimeOffset ExpiresAt { get; }
}

/// <summary>
/// A command of which nothing but this id tells a repeat from one that is meant anew: what it asks for may have been undone by another meanwhile. One
/// that was carried out is not carried out again.
/// </summary>
public interface IOnce
{
    Guid CommandId { get; }
}

/// <summary>A request with its answer's type.</summary>
/// <typeparam name="TAnswer">The message that answers it.</typeparam>
public interface IRequest<TAnswer>
    where TAnswer : class;
