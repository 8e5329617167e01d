using System.Reflection;
using System.Runtime.ExceptionServices;

namespace Holoflow.Sdk;

/// <summary>An exception on its way from a worker to the flow process, where a retry condition looks at its type.</summary>
/// <param name="TypeName">The name of its type, with its assembly.</param>
/// <param name="Message">Its message.</param>
/// <param name="Stack">Where it was thrown.</param>
sealed record ThrownElsewhere(string TypeName, string Message, string? Stack)
{
    const int LongestText = 16 * 1024;

    public static ThrownElsewhere Of(Exception exception) =>
        new(exception.GetType().AssemblyQualifiedName ?? exception.GetType().Name, Cut(exception.Message), Cut(exception.ToString()));

    /// <summary>The exception, of its own type where that has a constructor for a message.</summary>
    public Exception Rebuild()
    {
        var exception = Type.GetType(TypeName, throwOnError: false) is { } type && typeof(Exception).IsAssignableFrom(type) ? Create(type) : null;
        exception ??= new RemoteTaskException(TypeName.Split(',')[0], Message);
        if (Stack is { Length: > 0 } stack)
            ExceptionDispatchInfo.SetRemoteStackTrace(exception, stack);
        return exception;
    }

    Exception? Create(Type type)
    {
        try
        {
            foreach (var constructor in type.GetConstructors().Where(c => c.GetParameters() is [{ ParameterType: var first }, ..] && first == typeof(string)).OrderBy(c => c.GetParameters().Length))
            {
                if (constructor.GetParameters().Skip(1).All(p => typeof(Exception).IsAssignableFrom(p.ParameterType)))
                    return (Exception)constructor.Invoke([Message, .. constructor.GetParameters().Skip(1).Select(object? (_) => null)]);
            }
        }
        catch (Exception e) when (e is TargetInvocationException or MemberAccessException)
        {
            // A constructor with wishes of its own.
            return null;
        }

        return null;
    }

    static string Cut(string text) => text.Length <= LongestText ? text : string.Concat(text.AsSpan(0, LongestText), "…");
}
