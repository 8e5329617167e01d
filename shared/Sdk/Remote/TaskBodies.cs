using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Holoflow.Sdk;

/// <summary>The tasks of this program by name: how a worker finds what it is to execute.</summary>
static class TaskBodies
{
    const BindingFlags Declared = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    static readonly ConcurrentDictionary<string, FlowTask> Known = new(StringComparer.Ordinal);

    public static void Add(FlowTask task) => Known.TryAdd(task.Name, task);

    public static bool TryFind(string name, [NotNullWhen(true)] out FlowTask? task) => Known.TryGetValue(name, out task);

    /// <summary>Initialises the static fields that hold tasks.</summary>
    public static void Load(Assembly assembly)
    {
        foreach (var type in assembly.GetTypes())
        {
            if (!type.ContainsGenericParameters && type.GetFields(Declared).Any(field => typeof(FlowTask).IsAssignableFrom(field.FieldType)))
                RuntimeHelpers.RunClassConstructor(type.TypeHandle);
        }
    }
}
