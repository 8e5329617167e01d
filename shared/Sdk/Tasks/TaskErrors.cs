namespace Holoflow.Sdk;

/// <summary>A task was not executed, because a task whose result it needs, or that it waits for, did not complete.</summary>
public sealed class UpstreamFailedException(string message, Exception? inner) : Exception(message, inner);

/// <summary>An execution of a task took longer than its timeout.</summary>
public class TaskTimedOutException(string message) : TimeoutException(message);

/// <summary>An execution of a task took longer than its timeout and did not stop when it was told to.</summary>
public sealed class TaskStillRunsException(string message) : TaskTimedOutException(message);

/// <summary>A result or an input of a task does not survive JSON.</summary>
public sealed class ResultFormatException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Tasks failed and nobody looked at their futures.</summary>
public sealed class TasksFailedException(string message, IEnumerable<Exception> failures) : AggregateException(message, failures)
{
    public override string Message { get; } = message;
}

/// <summary>Failures as the run's log tells them.</summary>
static class FailureText
{
    /// <summary>With where it happened, but for a command: that says itself what was wrong with it, and code says nothing more.</summary>
    public static string Told(this Exception failure) =>
        failure is CommandFailedException ? $"{failure.GetType().Name}: {failure.Message}" : failure.ToString();
}
