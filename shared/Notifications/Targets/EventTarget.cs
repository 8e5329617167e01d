using System.Net.Mime;
using System.Text.Json;
using Holoflow.Domain.Notifications;
using Holoflow.Messaging;
using Holoflow.Messaging.RabbitMq;

namespace Holoflow.Notifications.Targets;

/// <summary>Publishes a notification as a CloudEvent on an exchange of the observatory's broker, by the event's type as routing key.</summary>
sealed class EventTarget : INotificationTarget, IAsyncDisposable
{
    static readonly ContentType CloudEvents = new("application/cloudevents+json; charset=utf-8");
    readonly NotifierOptions _options;
    readonly EventExchange? _exchange;

    public EventTarget(NotifierOptions options)
    {
        _options = options;
        _exchange = options.EventBroker is { } broker ? new EventExchange(new RabbitMqOptions { Address = broker, ConnectionName = "holoflow-notifications" }) : null;
    }

    public async Task<DeliveryOutcome> Send(NotificationToSend notification, CancellationToken cancellation)
    {
        if (_exchange is null)
            return new DeliveryOutcome.Failed("no broker for events is set: HOLOFLOW_EVENTS_RABBITMQ names it");
        var told = CloudEvent.Of(notification.DeliveryId, notification.Content, _options);
        try
        {
            await _exchange.Publish(notification.Address, told.Type, told.Id, CloudEvents, JsonSerializer.SerializeToUtf8Bytes(told, NotificationJson.Default.CloudEvent), cancellation);
            return new DeliveryOutcome.Delivered();
        }
        catch (MessagingException e)
        {
            return new DeliveryOutcome.Failed(e.Message);
        }
    }

    public ValueTask DisposeAsync() => _exchange?.DisposeAsync() ?? ValueTask.CompletedTask;
}
