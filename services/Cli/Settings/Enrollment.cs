using System.Text.Json;
using System.Text.Json.Serialization;

namespace Holoflow.Cli.Settings;

/// <summary>What an enrolled agent has: in a directory of the home that its owner alone may read, the secrets in files of their own.</summary>
/// <param name="Url">The server.</param>
/// <param name="Name">The agent's name.</param>
/// <param name="Broker">Where its messages go; null: over the server's API.</param>
/// <param name="BrokerUser">Its user of the broker.</param>
sealed record Enrollment(string Url, string Name, string? Broker = null, string? BrokerUser = null)
{
    const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    const string Facts = "agent.json";
    const string Token = "api-token";
    const string Password = "broker-password";

    /// <summary>Where it lies below a home.</summary>
    public static string DirectoryOf(string home) => Path.Combine(home, "enrollment");

    public static string TokenFileOf(string home) => Path.Combine(DirectoryOf(home), Token);

    public static string PasswordFileOf(string home) => Path.Combine(DirectoryOf(home), Password);

    /// <summary>The enrolment of a home; null: it has none.</summary>
    /// <exception cref="CommandException">It cannot be read.</exception>
    public static Enrollment? Load(string home)
    {
        var file = Path.Combine(DirectoryOf(home), Facts);
        try
        {
            return File.Exists(file) ? JsonSerializer.Deserialize(File.ReadAllBytes(file), EnrollmentFormat.Default.Enrollment) ?? throw new JsonException("empty") : null;
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw CommandException.BadInput($"the enrolment {file} cannot be read ({e.Message.Split(" Path:", 2)[0]}): remove {DirectoryOf(home)} and enrol again");
        }
    }

    /// <summary>Writes the secrets beside where they will lie: whether there is room is known before a code is used up for them.</summary>
    /// <exception cref="CommandException">They cannot be written.</exception>
    public static string Prepare(string home, string token, string password)
    {
        var prepared = $"{DirectoryOf(home)}.{Environment.ProcessId}";
        try
        {
            _ = Directory.CreateDirectory(home);
            _ = Directory.CreateDirectory(prepared, OwnerOnly | UnixFileMode.UserExecute);
            Write(Path.Combine(prepared, Token), token);
            Write(Path.Combine(prepared, Password), password);
            return prepared;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CommandException.Failed($"the agent's secrets cannot be written: {e.Message}");
        }
    }

    /// <summary>Puts what was prepared in place, in one step.</summary>
    /// <exception cref="CommandException">It cannot be done.</exception>
    public void Save(string home, string prepared)
    {
        try
        {
            Write(Path.Combine(prepared, Facts), JsonSerializer.Serialize(this, EnrollmentFormat.Default.Enrollment));
            if (Directory.Exists(DirectoryOf(home)))
                Directory.Delete(DirectoryOf(home), recursive: true);
            Directory.Move(prepared, DirectoryOf(home));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CommandException.Failed($"the agent is enrolled, but its secrets in {prepared} could not be moved to {DirectoryOf(home)}: {e.Message}");
        }
    }

    static void Write(string path, string text)
    {
        using var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly });
        file.Write(System.Text.Encoding.UTF8.GetBytes(text + "\n"));
    }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true, RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(Enrollment))]
sealed partial class EnrollmentFormat : JsonSerializerContext;
