using System.Collections;
using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Holoflow.Hosting;

/// <summary>
/// What a service is told by its environment. All mistakes are collected, so that a start that fails names them together.
/// A secret comes in a file that <c>NAME_FILE</c> names, never in a variable or argument.
/// </summary>
public sealed class ServiceSettings(IReadOnlyDictionary<string, string> environment)
{
    readonly List<string> _mistakes = [];

    /// <summary>The settings that this process was started with.</summary>
    public static ServiceSettings OfProcess() =>
        new(Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(e => (string)e.Key, e => (string?)e.Value ?? "", StringComparer.Ordinal));

    public IReadOnlyList<string> Mistakes => _mistakes;

    /// <summary>A setting that must be given; a mistake, and empty, where it is not.</summary>
    public string Required(string name, string meaning)
    {
        if (Optional(name) is { } value)
            return value;
        _mistakes.Add($"{name} is not set: {meaning}");
        return "";
    }

    /// <summary>A setting, or null.</summary>
    public string? Optional(string name) => environment.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    /// <summary>A whole number within a range.</summary>
    public int Number(string name, int otherwise, int least, int most)
    {
        if (Optional(name) is not { } text)
            return otherwise;
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most)
            return value;
        _mistakes.Add($"{name} is '{text}': a whole number from {least} to {most} is expected");
        return otherwise;
    }

    /// <summary>One of an enumeration's names.</summary>
    public T OneOf<T>(string name, T otherwise)
        where T : struct, Enum
    {
        if (Optional(name) is not { } text)
            return otherwise;
        if (Enum.TryParse<T>(text, ignoreCase: true, out var value) && Enum.IsDefined(value))
            return value;
        _mistakes.Add($"{name} is '{text}': one of {string.Join(", ", Enum.GetNames<T>())} is expected");
        return otherwise;
    }

    /// <summary>An absolute address of one of the given schemes.</summary>
    public Uri Address(string name, string meaning, params string[] schemes)
    {
        var text = Required(name, meaning);
        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && schemes.Contains(address.Scheme, StringComparer.Ordinal))
            return address;
        if (text.Length > 0)
            _mistakes.Add($"{name} is no address of the form {string.Join(" or ", schemes)}://host:port/name");
        return new Uri("about:blank");
    }

    /// <summary>As <see cref="Address"/>, with the password from the file that <paramref name="name"/>_PASSWORD_FILE names put in.</summary>
    public Uri AddressWithPassword(string name, string meaning, params string[] schemes)
    {
        var address = Address(name, meaning, schemes);
        if (address.UserInfo.Contains(':', StringComparison.Ordinal))
            _mistakes.Add($"{name} holds a password: put it into a file and set {name}_PASSWORD_FILE to its path");
        return Secret($"{name}_PASSWORD") is { } password ? new UriBuilder(address) { UserName = Uri.UnescapeDataString(address.UserInfo), Password = Uri.EscapeDataString(password) }.Uri : address;
    }

    /// <summary>The content of the file that <paramref name="name"/>_FILE names, without the line end; null where it is not set.</summary>
    public string? Secret(string name)
    {
        if (Optional(name) is not null)
            _mistakes.Add($"{name} is set: a secret does not belong into the environment; put it into a file and set {name}_FILE to its path");
        if (Optional($"{name}_FILE") is not { } path)
            return null;
        try
        {
            return File.ReadAllText(path).TrimEnd('\r', '\n');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _mistakes.Add($"{name}_FILE: '{path}' cannot be read: {e.Message}");
            return null;
        }
    }

    /// <summary>
    /// Where the services' database is: <c>HOLOFLOW_DATABASE</c>, with its password from <c>HOLOFLOW_DATABASE_PASSWORD_FILE</c>. It may end in
    /// <c>?sslmode=</c>; where <c>HOLOFLOW_DATABASE_CA_FILE</c> names the authorities (PEM), the server must prove its name by one of them.
    /// </summary>
    public Uri Database()
    {
        var address = AddressWithPassword("HOLOFLOW_DATABASE", "the PostgreSQL database, e.g. postgresql://holoflow@db:5432/holoflow", "postgresql");
        return Readable("HOLOFLOW_DATABASE_CA_FILE") is { } file ? new UriBuilder(address) { Query = $"sslmode=verify-full&sslrootcert={Uri.EscapeDataString(file)}" }.Uri : address;
    }

    /// <summary>Where the broker is: <c>HOLOFLOW_RABBITMQ</c>, with its password from <c>HOLOFLOW_RABBITMQ_PASSWORD_FILE</c>.</summary>
    /// <param name="user">A user name for the example that the mistake shows.</param>
    /// <remarks>Where <c>HOLOFLOW_RABBITMQ_CA_FILE</c> names the authorities (PEM), an <c>amqps</c> broker must prove its name by one of them; else by one of the machine's.</remarks>
    public Uri Broker(string user)
    {
        var address = AddressWithPassword("HOLOFLOW_RABBITMQ", $"the broker, e.g. amqp://{user}@rabbitmq:5672/", "amqp", "amqps");
        if (Readable("HOLOFLOW_RABBITMQ_CA_FILE") is not { } file)
            return address;
        if (address.Scheme == "amqp")
            Add("HOLOFLOW_RABBITMQ_CA_FILE is set, but HOLOFLOW_RABBITMQ is not encrypted: write amqps://");
        return new UriBuilder(address) { Query = $"cacertfile={Uri.EscapeDataString(file)}" }.Uri;
    }

    /// <summary>The path of a file that can be read; null where the setting is not set, or a mistake.</summary>
    public string? Readable(string name)
    {
        if (Optional(name) is not { } path)
            return null;
        try
        {
            using var file = File.OpenRead(path);
            return path;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Add($"{name}: '{path}' cannot be read: {e.Message}");
            return null;
        }
    }

    /// <summary>Words separated by commas.</summary>
    public IReadOnlyList<string> List(string name) => Optional(name)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>How the service logs: <c>HOLOFLOW_LOG_LEVEL</c>, <c>HOLOFLOW_LOG_FORMAT</c> (Text or Json).</summary>
    public ServiceLogOptions Logging() => new(OneOf("HOLOFLOW_LOG_LEVEL", LogLevel.Information), OneOf("HOLOFLOW_LOG_FORMAT", LogFormat.Text) == LogFormat.Json);

    /// <summary>A mistake that the caller found.</summary>
    public void Add(string mistake) => _mistakes.Add(mistake);
}

/// <summary>The form of a service's log.</summary>
public enum LogFormat
{
    Text,
    Json,
}
