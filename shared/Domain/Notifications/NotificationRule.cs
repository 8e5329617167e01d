namespace Holoflow.Domain.Notifications;

/// <summary>Which changes of flow runs somebody wants to hear of. All that is given must hold; of several values of one kind any may (tags: all must).</summary>
/// <param name="States">State types or names: Failed, Crashed, Late, TimedOut.</param>
/// <param name="Flows">None: of any flow.</param>
/// <param name="Tags">None: with any tags.</param>
/// <param name="LongerThan">Only of a run that has been in the state for so long. Null: at once.</param>
public sealed record NotificationRule(IReadOnlyList<string> States, IReadOnlyList<string> Flows, IReadOnlyList<string> Tags, TimeSpan? LongerThan)
{
    /// <summary>Whether a run that is in a state since then is to be told of now.</summary>
    public bool Matches(RunInState run, DateTimeOffset now) =>
        IsOf(run) && (LongerThan is not { } span || now - run.Since >= span);

    /// <summary>When a run is to be told of if it stays as it is; null: never.</summary>
    public DateTimeOffset? TellsAt(RunInState run) => IsOf(run) ? run.Since + (LongerThan ?? TimeSpan.Zero) : null;

    bool IsOf(RunInState run) =>
        (States.Contains(run.StateType, StringComparer.OrdinalIgnoreCase) || States.Contains(run.StateName, StringComparer.OrdinalIgnoreCase))
        && (Flows.Count == 0 || Flows.Contains(run.FlowName, StringComparer.Ordinal))
        && Tags.All(tag => run.Tags.Contains(tag, StringComparer.Ordinal));
}

/// <summary>A flow run in one of its states.</summary>
public sealed record RunInState(string FlowName, IReadOnlyList<string> Tags, string StateType, string StateName, DateTimeOffset Since);
