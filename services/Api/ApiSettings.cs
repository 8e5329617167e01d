using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Holoflow.Hosting;

namespace Holoflow.Api;

/// <summary>The API's options as its environment tells them.</summary>
public static class ApiSettings
{
    const int DefaultPort = 4200;

    /// <summary>
    /// <c>HOLOFLOW_API_LISTEN</c> (an address, or address:port; loopback where it is not set), <c>HOLOFLOW_API_PORT</c>,
    /// <c>HOLOFLOW_API_CERTIFICATE_FILE</c> and <c>HOLOFLOW_API_CERTIFICATE_KEY_FILE</c> (PEM; HTTPS is served where they are set),
    /// <c>HOLOFLOW_API_TOKENS</c> (Auto: asked for where others reach the API; Required: also on loopback) and <c>HOLOFLOW_ADMIN_TOKEN_FILE</c>.
    /// </summary>
    public static ApiOptions Read(ServiceSettings settings)
    {
        var port = settings.Number("HOLOFLOW_API_PORT", DefaultPort, 0, IPEndPoint.MaxPort);
        var listen = settings.Optional("HOLOFLOW_API_LISTEN") is { } text ? ReadListen(text, port) : new IPEndPoint(IPAddress.Loopback, port);
        if (listen is null)
            settings.Add($"HOLOFLOW_API_LISTEN is '{settings.Optional("HOLOFLOW_API_LISTEN")}': {ListenExamples}");
        return new ApiOptions
        {
            Address = listen?.Address ?? IPAddress.Loopback,
            Port = listen?.Port ?? port,
            Certificate = Certificate(settings),
            RequireTokens = settings.OneOf("HOLOFLOW_API_TOKENS", TokenDemand.Auto) == TokenDemand.Required,
            AdminTokenFile = settings.Optional("HOLOFLOW_ADMIN_TOKEN_FILE"),
            AllowedHosts = settings.List("HOLOFLOW_API_HOSTS"),
        };
    }

    /// <summary>
    /// What makes users of the broker for enrolled agents: <c>HOLOFLOW_RABBITMQ_MANAGEMENT</c>, the broker's management with the user that may,
    /// its password in <c>HOLOFLOW_RABBITMQ_MANAGEMENT_PASSWORD_FILE</c>, and <c>HOLOFLOW_AGENT_RABBITMQ</c>, the broker as agents reach it. Null: they are not set.
    /// </summary>
    public static (Uri Management, Uri AgentAddress)? AgentBroker(ServiceSettings settings)
    {
        const string Management = "HOLOFLOW_RABBITMQ_MANAGEMENT";
        const string AgentAddress = "HOLOFLOW_AGENT_RABBITMQ";
        if (settings.Optional(Management) is null && settings.Optional(AgentAddress) is null)
            return null;
        var management = settings.AddressWithPassword(Management, "the broker's management, which makes users for enrolled agents, e.g. http://enrollment@rabbitmq:15672/", "http", "https");
        var agents = settings.Address(AgentAddress, "the broker as enrolled agents reach it, e.g. amqps://broker.example:5671/", "amqp", "amqps");
        if (agents.UserInfo.Length > 0)
            settings.Add($"{AgentAddress} holds a user: each agent gets one of its own");
        return (management, agents);
    }

    /// <summary>What an address to listen on looks like.</summary>
    public const string ListenExamples = "an IP address with or without a port is expected, such as 127.0.0.1, 0.0.0.0:4200 or [::]:4200";

    /// <summary>An address to listen on; null: it is none.</summary>
    /// <param name="text">An IP address, or one with a port.</param>
    /// <param name="port">The port where the text has none.</param>
    public static IPEndPoint? ReadListen(string text, int port)
    {
        // A bare number would be read as an address of its own: 4200 is 0.0.16.104.
        if (!text.Contains('.') && !text.Contains(':'))
            return null;
        // The parser of addresses passes over a port behind brackets.
        if (!(text.StartsWith('[') && !text.EndsWith(']')) && IPAddress.TryParse(text, out var address))
            return new IPEndPoint(address, port);
        return IPEndPoint.TryParse(text, out var listen) ? listen : null;
    }

    static X509Certificate2? Certificate(ServiceSettings settings)
    {
        const string Chain = "HOLOFLOW_API_CERTIFICATE_FILE";
        const string Key = "HOLOFLOW_API_CERTIFICATE_KEY_FILE";
        var (chain, key) = (settings.Readable(Chain), settings.Readable(Key));
        if (settings.Optional(Chain) is null != settings.Optional(Key) is null)
            settings.Add($"{Chain} and {Key} go together: set both, or neither");
        if (chain is null || key is null)
            return null;
        try
        {
            return X509Certificate2.CreateFromPemFile(chain, key);
        }
        catch (CryptographicException e)
        {
            settings.Add($"{Chain}: '{chain}' and '{key}' hold no certificate with its key in PEM form: {e.Message}");
            return null;
        }
    }

    enum TokenDemand
    {
        Auto,
        Required,
    }
}
