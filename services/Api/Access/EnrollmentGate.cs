using System.Net;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;

namespace Holoflow.Api.Access;

/// <summary>Bounds how often one address may come with an enrolment code that is none. Those that are taken do not count: a cluster enrols its nodes at once.</summary>
sealed class EnrollmentGate : IDisposable
{
    /// <summary>Wrong codes of one address within a <see cref="Window"/>.</summary>
    public const int MostFailures = 20;

    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    readonly PartitionedRateLimiter<IPAddress> _failures = PartitionedRateLimiter.Create<IPAddress, IPAddress>(address =>
        RateLimitPartition.GetFixedWindowLimiter(address, _ => new FixedWindowRateLimiterOptions { PermitLimit = MostFailures, Window = Window }));

    /// <summary>Whether the address may try.</summary>
    public bool MayTry(HttpContext http)
    {
        using var lease = _failures.AttemptAcquire(AddressOf(http), 0);
        return lease.IsAcquired;
    }

    public void Failed(HttpContext http) => _failures.AttemptAcquire(AddressOf(http)).Dispose();

    public void Dispose() => _failures.Dispose();

    static IPAddress AddressOf(HttpContext http) => http.Connection.RemoteIpAddress ?? IPAddress.None;
}
