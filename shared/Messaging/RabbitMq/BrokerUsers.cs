using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Holoflow.Messaging.RabbitMq;

/// <summary>
/// Makes and removes users of the broker for enrolled agents, through its management's HTTP API. Those it made carry a tag of their own;
/// no other user is touched.
/// </summary>
public sealed class BrokerUsers : IDisposable
{
    const string Tag = "holoflow-agent";
    const string Hashing = "rabbit_password_hashing_sha256";
    const string Prefix = "agent-";
    const string DefaultVirtualHost = "/";

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    readonly HttpClient _http;
    readonly string _virtualHost;

    /// <param name="management">The management's address with the user that may make others: <c>http://user:password@host:15672/</c>.</param>
    /// <param name="agentAddress">The broker's address as agents reach it, with no user: <c>amqps://host:port/vhost</c>.</param>
    public BrokerUsers(Uri management, Uri agentAddress)
    {
        AgentAddress = agentAddress;
        var path = Uri.UnescapeDataString(agentAddress.AbsolutePath.TrimStart('/'));
        _virtualHost = path.Length == 0 ? DefaultVirtualHost : path;
        _http = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(1) })
        {
            BaseAddress = new UriBuilder(management) { UserName = "", Password = "", Path = management.AbsolutePath.TrimEnd('/') + "/" }.Uri,
            Timeout = Patience,
        };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(management.UserInfo))));
    }

    /// <summary>The broker's address as agents reach it.</summary>
    public Uri AgentAddress { get; }

    /// <summary>The user of an agent.</summary>
    public static string UserOf(string agent) => Prefix + agent;

    /// <summary>Returns when the management answers, lets its user in, and an agent's user could be made.</summary>
    /// <exception cref="MessagingException">It could not; the message says what is wrong.</exception>
    public async Task Check(string agent, CancellationToken cancellation = default)
    {
        using var users = await All(cancellation);
        var user = UserOf(agent);
        if (users.RootElement.EnumerateArray().Any(u => u.GetProperty("name").GetString() == user && !IsMadeHere(u)))
            throw new MessagingException($"the broker has a user '{user}' that was not made here: choose another name for the agent");
    }

    /// <summary>Makes an agent's user, with an agent's rights; one that is there gets the password.</summary>
    /// <param name="agent">The agent's name.</param>
    /// <param name="passwordHash">Its password as the broker keeps it: see <see cref="BrokerPassword"/>.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The user's name.</returns>
    /// <exception cref="MessagingException">The management did not do it.</exception>
    public async Task<string> Create(string agent, string passwordHash, CancellationToken cancellation = default)
    {
        var user = UserOf(agent);
        var rights = BrokerRights.OfAgent(user);
        using (await Send(HttpMethod.Put, $"api/users/{Uri.EscapeDataString(user)}", new { password_hash = passwordHash, hashing_algorithm = Hashing, tags = Tag }, cancellation))
        using (await Send(HttpMethod.Put, $"api/permissions/{Uri.EscapeDataString(_virtualHost)}/{Uri.EscapeDataString(user)}", new { configure = rights.Configure, write = rights.Write, read = rights.Read }, cancellation))
            return user;
    }

    /// <summary>The agents that have a user made here.</summary>
    /// <exception cref="MessagingException">The management did not tell.</exception>
    public async Task<IReadOnlyList<string>> Agents(CancellationToken cancellation = default)
    {
        using var users = await All(cancellation);
        return [.. users.RootElement.EnumerateArray().Where(IsMadeHere).Select(u => u.GetProperty("name").GetString()!)
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Select(name => name[Prefix.Length..])];
    }

    /// <summary>Removes an agent's user; the broker closes its connections. One that is not there is removed already.</summary>
    /// <exception cref="MessagingException">The management did not do it.</exception>
    public async Task Remove(string agent, CancellationToken cancellation = default) =>
        (await Send(HttpMethod.Delete, $"api/users/{Uri.EscapeDataString(UserOf(agent))}", null, cancellation)).Dispose();

    public void Dispose() => _http.Dispose();

    // An array since RabbitMQ 3.9, words and commas before.
    static bool IsMadeHere(JsonElement user) => user.GetProperty("tags") is var tags && (tags.ValueKind == JsonValueKind.Array
        ? tags.EnumerateArray().Any(t => t.GetString() == Tag)
        : tags.GetString()!.Split(',').Contains(Tag, StringComparer.Ordinal));

    async Task<JsonDocument> All(CancellationToken cancellation)
    {
        using var response = await Send(HttpMethod.Get, "api/users", null, cancellation);
        return await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(cancellation), default, cancellation);
    }

    async Task<HttpResponseMessage> Send(HttpMethod method, string path, object? body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = JsonContent.Create(body);
        HttpResponseMessage response;
        try
        {
            response = await _http.SendAsync(request, cancellation);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            throw new MessagingException($"the broker's management at {_http.BaseAddress} does not answer: {e.Message}", e);
        }

        if (response.IsSuccessStatusCode || (method == HttpMethod.Delete && response.StatusCode == HttpStatusCode.NotFound))
            return response;
        using (response)
        {
            throw new MessagingException(response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
                ? $"the broker's management at {_http.BaseAddress} does not let the API in as one that may make users: it needs the tag 'administrator' and the right password"
                : $"the broker's management at {_http.BaseAddress} answered {(int)response.StatusCode}: {Cut(await response.Content.ReadAsStringAsync(cancellation))}");
        }
    }

    static string Cut(string text) => text.ReplaceLineEndings(" ") is { Length: > 200 } line ? line[..200] : text.ReplaceLineEndings(" ");
}
