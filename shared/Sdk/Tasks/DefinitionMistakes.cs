using System.Collections.Concurrent;

namespace Holoflow.Sdk;

/// <summary>Mistakes of task definitions. They are found while static fields are initialised, where an exception would tell nobody anything.</summary>
static class DefinitionMistakes
{
    static readonly ConcurrentQueue<NotedMistake> Noted = new();
    static readonly ConcurrentDictionary<string, Type?> Names = new(StringComparer.Ordinal);

    public static void Check(TaskDefinition definition)
    {
        foreach (var mistake in definition.Mistakes())
            Note(definition.DefinedIn, $"task '{definition.Name}' {mistake}");
        if (!Names.TryAdd(definition.Name, definition.DefinedIn))
            Note(definition.DefinedIn, $"task '{definition.Name}' is defined twice ({Names[definition.Name]}, {definition.DefinedIn}): a name is used once in a program");
    }

    /// <summary>What was noted of definitions in the given types.</summary>
    public static IEnumerable<string> In(IReadOnlySet<Type> types) =>
        Noted.Where(noted => noted.Type is null || types.Contains(noted.Type)).Select(noted => noted.Mistake);

    static void Note(Type? type, string mistake) => Noted.Enqueue(new NotedMistake(type, mistake));

    sealed record NotedMistake(Type? Type, string Mistake);
}
