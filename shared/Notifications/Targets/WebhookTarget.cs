using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Holoflow.Domain.Notifications;

namespace Holoflow.Notifications.Targets;

/// <summary>
/// Posts a notification as JSON. <c>Holoflow-Delivery</c> is the same for every attempt; <c>Holoflow-Signature: t=UNIX,v1=HEX</c> is the HMAC-SHA256 of
/// <c>UNIX.BODY</c>, so that nobody can make one up, nor send an old one again later.
/// </summary>
sealed class WebhookTarget : INotificationTarget, IDisposable
{
    readonly NotifierOptions _options;
    readonly TimeProvider _time;
    readonly HttpClient _http;

    public WebhookTarget(NotifierOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        var addresses = new PublicAddresses(options.LocalHosts);
        var handler = new SocketsHttpHandler
        {
            // A redirect would go to where nobody said.
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            MaxResponseHeadersLength = 16,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            ConnectCallback = (context, cancellation) => addresses.Connect(context.DnsEndPoint, cancellation),
        };
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("Holoflow", null));
    }

    public async Task<DeliveryOutcome> Send(NotificationToSend notification, CancellationToken cancellation)
    {
        var body = Encoding.UTF8.GetBytes(NotificationText.Webhook(notification.Content, notification.Template));
        using var request = new HttpRequestMessage(HttpMethod.Post, notification.Address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        request.Headers.Add("Holoflow-Delivery", notification.DeliveryId.ToString());
        if (notification.Secret is { } secret)
        {
            if (SecretOf(secret) is not { } key)
                return new DeliveryOutcome.Failed($"the secret '{secret}' cannot be read: put a file of that name into the directory that HOLOFLOW_NOTIFY_SECRETS names");
            request.Headers.Add("Holoflow-Signature", Signature(key, _time.GetUtcNow(), body));
        }

        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            return OutcomeOf(response.StatusCode);
        }
        catch (HttpRequestException e)
        {
            return e.InnerException is ForbiddenAddressException forbidden ? new DeliveryOutcome.Refused(forbidden.Message) : new DeliveryOutcome.Failed(e.Message);
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>What a receiver makes again of the body that it got, and compares.</summary>
    public static string Signature(byte[] key, DateTimeOffset at, ReadOnlySpan<byte> body)
    {
        var time = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hmac.AppendData(Encoding.ASCII.GetBytes(time + "."));
        hmac.AppendData(body);
        return $"t={time},v1={Convert.ToHexStringLower(hmac.GetHashAndReset())}";
    }

    /// <summary>What another attempt could change, and what not.</summary>
    internal static DeliveryOutcome OutcomeOf(HttpStatusCode status) => (int)status switch
    {
        >= 200 and < 300 => new DeliveryOutcome.Delivered(),
        408 or 425 or 429 or >= 500 => new DeliveryOutcome.Failed($"the receiver answered {(int)status}"),
        >= 300 and < 400 => new DeliveryOutcome.Refused($"the receiver answered {(int)status}, a redirect, which is not followed: give its new address"),
        _ => new DeliveryOutcome.Refused($"the receiver answered {(int)status}"),
    };

    byte[]? SecretOf(string name)
    {
        if (_options.SecretsDirectory is not { } directory)
            return null;
        try
        {
            return File.ReadAllText(Path.Combine(directory, name)).Trim() is { Length: > 0 } text ? Encoding.UTF8.GetBytes(text) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
