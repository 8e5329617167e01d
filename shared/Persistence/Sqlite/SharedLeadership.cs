namespace Holoflow.Persistence.Sqlite;

/// <summary>On a file every process leads for itself: the short-lived ones of one machine would only wait for each other.</summary>
sealed class SharedLeadership : Leadership
{
    public override CancellationToken Lost => CancellationToken.None;

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
