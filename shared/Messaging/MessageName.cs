using System.Collections.Concurrent;
using System.Reflection;
using Holoflow.Contracts;

namespace Holoflow.Messaging;

/// <summary>The pinned name of a message type, looked up once.</summary>
public static class MessageName
{
    static readonly ConcurrentDictionary<Type, MessageAttribute> Known = new();

    public static string Of<T>() => Cache<T>.Pinned.Name;

    public static string Of(Type type) => Pinned(type).Name;

    /// <summary>The queue or exchange that a message type is addressed to.</summary>
    public static string AddressOf<T>() => Cache<T>.Pinned.Address;

    /// <summary>All that is pinned of a message type.</summary>
    /// <exception cref="ArgumentException">It is no message.</exception>
    public static MessageAttribute Pinned(Type type) =>
        Known.GetOrAdd(type, static type => type.GetCustomAttribute<MessageAttribute>() ?? throw new ArgumentException($"{type} has no pinned message name", nameof(type)));

    static class Cache<T>
    {
        public static readonly MessageAttribute Pinned = MessageName.Pinned(typeof(T));
    }
}
