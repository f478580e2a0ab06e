# Entrada, aviso, manual y la barra de todas las páginas.
product = Rowcall
skip = Al contenido
nav-login = Entrar
nav-lanes = Carriles
nav-supervisor = Supervisión
nav-auditor = Auditoría
nav-administrator = Administración
nav-password = Contraseña

minutes = { $count ->
    [one] 1 minuto
   *[other] { $count } minutos
}
hours = { $count ->
    [one] 1 hora
   *[other] { $count } horas
}
days = { $count ->
    [one] 1 día
   *[other] { $count } días
}

login-title = Entrar
login-name = Nombre
login-password = Contraseña
login-do = Entrar
login-wrong = El nombre y la contraseña no concuerdan.
login-wait = { $count ->
    [one] Demasiados intentos: espere 1 segundo.
   *[other] Demasiados intentos: espere { $count } segundos.
}
login-provider = Entrar con la cuenta de la organización
login-provider-failed = No se ha podido usar aquí la cuenta de la organización. Inténtelo de nuevo o entre con una cuenta de este carril.
login-traveller = ¿Viaja usted?
password-title = Nueva contraseña
password-must = Otros conocen su contraseña: elija una nueva antes de seguir.
password-old = Contraseña hasta ahora
password-new = Contraseña nueva
password-hint = Diez caracteres como mínimo; una frase se recuerda bien.
password-do = Cambiar
lanes-title = Elija un carril
lanes-none = Este servicio no tiene ningún carril.

## Aviso
notice-title = Su cara en este carril
notice-lead = Las cámaras comparan su cara con el retrato del documento de viaje que usted presenta aquí, y con nada más.
notice-glance-what = Una imagen de su cara
notice-glance-what-text = se compara solo con los documentos de su propio vehículo.
notice-glance-gone = Desaparece al seguir
notice-glance-gone-text = Las imágenes se destruyen cuando su vehículo se va.
notice-glance-no = Puede decir que no
notice-glance-no-text = Dígaselo al agente: le revisan a mano, en este mismo carril.
notice-glance-officer = Decide un agente
notice-glance-officer-text = La máquina no rechaza a nadie.
notice-operator = Quién opera este carril
notice-purpose = Para qué
notice-basis = Base legal
notice-taken = Qué se toma
notice-taken-text = Imágenes de los asientos, desde antes de que su vehículo pare hasta que se va; lo que dicen el chip y las líneas impresas de sus documentos, y sus retratos.
notice-not = Qué no se hace
notice-not-text = No se le busca en ninguna lista. No se guarda la cara de nadie para después. No se deduce nada sobre su edad, sexo, origen o ánimo. Aquí no queda registro de sus viajes.
notice-kept-faces = Cuánto viven las imágenes
notice-kept-faces-how = Hasta que su vehículo se va, como mucho { $time }. Entonces se sobrescriben, y un registro firmado lo demuestra.
notice-kept-hold = La única excepción
notice-kept-hold-how = { $officers ->
    [one] Un agente puede, por un motivo declarado, conservar un par de imágenes, cifradas, durante { $own } como mucho ({ $order } por orden judicial o tras un incidente). Cada caso queda registrado.
   *[other] Dos agentes juntos pueden, por un motivo declarado, conservar un par de imágenes, cifradas, durante { $own } como mucho ({ $order } por orden judicial o tras un incidente). Cada caso queda registrado.
}
notice-kept-counts = Qué queda
notice-kept-counts-how = { $count ->
    [one] Recuentos y motivos sin nombre ni imagen alguna, durante 1 día.
   *[other] Recuentos y motivos sin nombre ni imagen alguna, durante { $count } días.
}
notice-opt-out = Cómo decir que no
notice-opt-out-text = Dígaselo al agente antes o durante su paso por el carril: para usted, para un documento o para todo el vehículo. Su asiento se tapa en negro en cada imagen, también en las anteriores. No dura más que mirar sus documentos y no tiene otra consecuencia.
notice-errs = La máquina se equivoca
notice-error-wrong = Cerca de 1 de cada { $count } vehículos en que alguien no es el titular del documento pasaría inadvertido para la máquina.
notice-error-referred = A unas { $count } de cada 100 personas que muestran su propio documento las mira además un agente.
notice-error-unmeasured = Con qué frecuencia no se ha medido aún en este carril.
notice-error-decides = Nunca decide en contra de nadie: un agente mira y decide.
notice-complain = Preguntas y quejas
notice-code = Este aviso en su teléfono

## Manual
manual-title = Si el carril falla: a mano
manual-failed = Esto ha fallado
manual-camera = La cámara { $name } no muestra nada.
manual-documents = Los documentos no se pueden leer o comprobar.
manual-analysis = Las imágenes no se pueden comparar a tiempo.
manual-log = El registro no se puede escribir: no se compara nada hasta que se pueda.
manual-lead = El tráfico sigue. Usted revisa a cada persona como lo haría sin la máquina.
manual-step-stop = Que el vehículo pare en la marca. Motor apagado, luz interior encendida, ventanillas abajo.
manual-step-count = Cuente usted a las personas: cada fila, en brazos, el suelo, el maletero si así lo dicen sus normas.
manual-step-documents = Tome un documento por persona. Mire la caducidad, el retrato y las líneas impresas; use un lector de mano o una lámpara si los tiene.
manual-step-faces = Sostenga cada documento junto a su titular. Compare orejas, nariz, cejas y mentón antes que pelo, barba o gafas.
manual-step-unsure = ¿No está seguro? Pida un segundo documento o envíe a segunda inspección. Un segundo par de ojos es mejor que una suposición rápida.
manual-step-record = Anote en la lista de mano: hora, número de personas, número de documentos, qué decidió. Ningún nombre.
manual-step-close = Cuando el carril vuelva a funcionar, cierre en la consola lo que quede abierto como «Revisado a mano».
manual-never-title = Nunca
manual-never-wave = Nunca deje pasar un vehículo sin más porque la máquina falle.
manual-never-photo = Nunca fotografíe a personas o documentos con su propio teléfono.
manual-never-refuse = Nunca rechace a nadie porque la máquina no pudo verle.
manual-parts-title = Si solo falla una parte
manual-part-camera = Una cámara
manual-part-camera-do = Siga con la máquina. Mire usted los asientos que esa cámara muestra; le llegan para mirar de todos modos.
manual-part-reader = El lector de documentos
manual-part-reader-do = Siga a mano con los documentos. Las caras sin documento con que comparar las revisa usted.
manual-part-console = Esta consola
manual-part-console-do = Cargue la página otra vez. Si no vuelve, siga a mano; un vehículo abierto termina solo al llegar su límite de tiempo y sus imágenes se destruyen.
manual-part-power = Corriente o red
manual-part-power-do = Siga a mano. Las imágenes en memoria se pierden con la corriente; no hay nada que borrar.

## Supervisión
supervisor-title = Cómo va el carril
rates-title = Captura, calidad, coincidencia
rates-explained = Tres tasas por separado, pues cada una tiene otro remedio: nadie visto es cosa de cámaras, no visto bien lo es de luz y cristal, sin coincidencia lo es de documentos y umbrales. La barra oscura es la tasa, la línea en ella su intervalo del 95 %. Lo que es de muy pocos vehículos no se muestra.
rates-of = De
rates-lane = El carril
rates-rows = Por fila
rates-seats = Por asiento
rates-cameras = Por cámara
rates-today = Hoy hasta ahora, UTC
rates-hours = Por hora
rates-people = { $count ->
    [one] 1 persona
   *[other] { $count } personas
}
rates-too-few = muy pocos
rate-capture = Vistos
rate-quality = Bastante bien
rate-match = Coincidentes
group-lane = Todos
group-camera = cámara { $name }
group-row = Fila { $count }
seconds = { $count } s
vehicles-title = Vehículos
vehicles-count = Vehículos
vehicles-confirmed = Todos confirmados
vehicles-median = La mitad tardó como mucho
vehicles-ninety = Nueve de diez tardaron como mucho
agreement-title = Agentes y máquina
agreement-said = En el { $share } % de { $all } juicios a ciegas coincidieron agente y máquina; { $unsure } veces las imágenes no lo decían.
agreement-explained = Todos los agentes juntos, nunca uno. Juzgado antes de que nadie viera a qué se inclinaba la máquina.
referrals-title = Asientos remitidos por motivo
referrals-reason = Motivo
referrals-count = Cuántas veces
alarms-title = Alarmas
alarms-none = Ninguna tasa ha cambiado.
alarm-fell = { $stage }: bajó ({ $group }), del { $expected } % al { $now } %
alarm-rose = { $stage }: subió ({ $group }), del { $expected } % al { $now } %
alarm-stage-capture = Personas vistas
alarm-stage-quality = Calidad de imagen
alarm-stage-match = Coincidencias
alarm-since = Probablemente desde { $since }, notado { $at }.
alarm-advice-capture = Mire hacia dónde apunta la cámara, su cable y dónde paran los vehículos.
alarm-advice-quality = Mire luces, lente y cristal: suciedad, una lámpara rota, el sol bajo.
alarm-advice-match = Mire los lectores de documentos y los cambios de modelo, calibración o política.
health-not-seen = Aún sin ver
health-refused = Se niega
health-no-frames = Sin imagen
health-connecting = Conectando
health-frozen = Está parada
health-too-dark = Demasiado oscura
health-out-of-focus = Desenfocada
health-late-clock = Con retraso
health-delivering = Funciona
health-advice-not-seen = No vino ningún vehículo que pudiera mostrar, o muy pocos.
health-advice-refused = El nombre, la contraseña o la dirección de la configuración no valen: avise a la administración.
health-advice-no-frames = Compruebe corriente y cable, luego la red.
health-advice-connecting = Espere un minuto.
health-advice-frozen = Apague y encienda la cámara.
health-advice-too-dark = Compruebe la luz del carril y la tapa de la lente.
health-advice-out-of-focus = Limpie la lente y enfóquela sobre la marca.
health-advice-late-clock = Ponga en hora la cámara por la red, o dele una conexión más rápida.
health-advice-delivering = Nada que hacer.
health-numbers = { $rate } imágenes por segundo, la última hace { $age } s, { $dropped } perdidas
health-dropped = { $dropped } perdidas, en los días mostrados
policy-title = Política
policy-of = Modelo { $model }, calibración { $calibration }
policy-effect = Qué hace el umbral a 10 000 vehículos, según la calibración
policy-budget = Admitido: vehículos erróneos confirmados
policy-wrong = De 10 000 con una persona equivocada, confirmados
policy-referred = De 10 000 correctos, remitidos
policy-state = Estado
policy-in-force = vigente

## Auditoría
auditor-title = Auditoría
auditor-log = Registro { $log }, { $size } entradas
verify-title = No crea a esta página
verify-text = Lo que sigue es la palabra del carril. El verificador lo calcula otra vez en su navegador a partir del propio registro, con su copia de las claves y de un punto de control anterior, y no confía en nada del servidor.
verify-do = Verificar el registro
period-from = Desde
period-to = Hasta
period-show = Mostrar
audit-summary = Del { $from } al { $to }
audit-word = Como lo dice el registro; el verificador muestra si se sostiene.
audit-opened = Transacciones
audit-confirmed = Asientos confirmados
audit-referred = Asientos remitidos
audit-adjudicated = Decisiones
audit-corrected = Correcciones
audit-set-ups = Miradas a las cámaras para fijar zonas
audit-lane-files = Archivos de carril escritos
audit-starts = Arranques del carril
audit-kept = Destrucción
audit-none-late = Los datos biométricos de cada transacción se destruyeron a tiempo
audit-late = { $count ->
    [one] Los datos biométricos de 1 transacción se destruyeron tarde
   *[other] Los datos biométricos de { $count } transacciones se destruyeron tarde
}
audit-images = Imágenes destruidas
audit-templates = Plantillas destruidas
audit-longest = Transacción más larga, minutos
audit-ended-by = Qué las terminó
audit-cause = Causa
audit-count = Cuántas veces
destroyed-closed = Cerrada por el agente o el carril
destroyed-time-limit = Límite de tiempo
destroyed-abandoned = Abandonada
destroyed-panic = Falló el programa
destroyed-shutdown = Se apagó el carril
destroyed-process-ended = El proceso había terminado
holds-title = { $count ->
    [0] No se conservó ningún par de imágenes
    [one] Se conservó 1 par de imágenes
   *[other] Se conservaron { $count } pares de imágenes
}
holds-entry = Entrada
holds-made = Hecho
holds-due = Vence
holds-views = Veces mirado
holds-end = Fin
hold-live = Aún conservado
hold-released = Liberado { $at }
hold-expired = Terminó { $at }:
hold-expired-time = pasó su tiempo.
hold-expired-clock-uncertain = el reloj había retrocedido.
hold-expired-not-stored = no se había guardado nada.
hold-expired-key-missing = faltaba su clave.
checkpoints-title = Puntos de control
checkpoints-size = Entradas
checkpoints-at = Firmado (UTC)
checkpoints-root = Raíz
checkpoints-witnesses = Testigos
checkpoints-nobody = ninguno

## Administración
administrator-title = Configuración
role-officer = Agente
role-supervisor = Supervisión
role-auditor = Auditoría
role-administrator = Administración
users-title = Personas
users-role = Función
users-state = Estado
users-do = Acción
users-must-change = debe elegir contraseña
users-self = usted
users-remove = Quitar
users-first-password = Primera contraseña
users-add = Añadir o cambiar
ask-remove-user = ¿Quitar a { $name }? Su sesión termina al momento.
tokens-title = Dispositivos
tokens-label = Para qué
tokens-until = Válido hasta
tokens-days = Días
tokens-add = Crear una credencial
tokens-remove = Terminar
tokens-once = Se muestra solo esta vez; cópiela ahora:
ask-remove-token = ¿Terminar la credencial «{ $name }»? El dispositivo ya no podrá preguntar.
trust-title = Certificados de confianza
trust-country = País
trust-subject = Sujeto
trust-file = Archivo
trust-until = Válido hasta
until = { $day }
until-soon = { $day }: { $count ->
    [0] hoy
    [one] queda 1 día
   *[other] quedan { $count } días
}
until-over = { $day }: { $count ->
    [one] terminó hace 1 día
   *[other] terminó hace { $count } días
}
until-open = sin fin
zones-list = Cámaras y zonas
zones-list-text = Una zona es donde una cámara ve un asiento. El archivo del carril dice dónde está cada una.
camera-where = Carril y vehículo
camera-sees = Ve
camera-warning = Advertencia
camera-seats = { $count ->
    [one] 1 asiento
   *[other] { $count } asientos
}
zone-never = Nunca una cara: { $name }
zones-title = Zonas
zones-mode = Consta en el registro que usted mira; no se guarda nada de las imágenes. Si llega un vehículo, termina.
zones-set-up = Configuración de cámaras
zones-left = { $count ->
    [one] Configuración: queda 1 minuto.
   *[other] Configuración: quedan { $count } minutos.
}
zones-begin = Mirar las cámaras
zones-begin-text = Las zonas se colocan sobre la imagen actual. Constará en el registro que usted mira, un cuarto de hora como mucho; no se guarda nada de las imágenes. Empieza cuando no hay ningún vehículo en el carril y termina cuando llega uno.
zones-waiting = Hay un vehículo en el carril. Empezará en cuanto se vaya.
zones-end = Dejar de mirar
zones-no-picture = Aún no ha llegado ninguna imagen.
zones-not-in-force = El archivo tiene otras zonas que las que usa el carril. Reinicie el servicio para que rijan.
zones-of = Zonas de la cámara { $name }
zones-written = Escrito. Rige cuando se reinicie el servicio.
zones-alt = Imagen actual de la cámara { $name }
zones-drawing = Zonas sobre la imagen
zones-seat = Asiento
zones-how = Arrastre una zona o sus esquinas, o mueva lo enfocado con las flechas (con Mayús, más lejos). Supr quita una esquina. Los recuadros verdes son caras en una zona, los rojos a trazos en ninguna; los amarillos a puntos muestran la cara menor y la mayor.
zones-add = Dibujar una zona
zones-add-corner = Una esquina más
zones-remove = Quitar la zona
zones-suggest = Proponer según caras
zones-undo = Deshacer
zones-least = Anchura mínima de cara
zones-greatest = Anchura máxima de cara
zones-check = Comprobar
zones-write = Escribir el archivo del carril
zones-file = Archivo del carril
zones-warn-empty = ninguna cara dentro
zones-warn-size = las caras no caben en las anchuras
zones-warn-cross = sus lados se cruzan
zones-warn-outside = sin zona
zones-well = bien
zones-corner = Esquina
zones-zone = Zona
