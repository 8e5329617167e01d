using System.Reflection;
using Holoflow.Contracts;

namespace Holoflow.Messaging;

/// <summary>The pinned name of a message type, looked up once.</summary>
public static class MessageName
{
    public static string Of<T>() => Pinned<T>.Attribute.Name;

    public static string Of(Type type) => Read(type).Name;

    /// <summary>The queue or exchange that a message type is addressed to.</summary>
    public static string AddressOf<T>() => Pinned<T>.Attribute.Address;

    static MessageAttribute Read(Type type) =>
        type.GetCustomAttribute<MessageAttribute>() ?? throw new ArgumentException($"{type} has no pinned message name", nameof(type));

    static class Pinned<T>
    {
        public static readonly MessageAttribute Attribute = Read(typeof(T));
    }
}
